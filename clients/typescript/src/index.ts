import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type { paths } from "./schema.js";

/** What the API says and hears: `Schemas["OrderView"]`. */
export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

export interface OmsOptions {
  /** The gateway: `http://localhost:8080`. */
  baseUrl: string;
  /** An API key, or the token of a person. */
  apiKey: string;
  /** In place of the one that is there, for retries or tests. */
  fetch?: (request: Request) => Promise<Response>;
}

/** Paths, parameters, bodies and answers are checked against the API's description by the compiler. */
export function createOmsClient({ baseUrl, apiKey, fetch }: OmsOptions): Client<paths, `${string}/${string}`> {
  return createClient<paths>({ baseUrl, fetch, headers: { Authorization: `Bearer ${apiKey}` } });
}

/** The API did not do what it was asked for. */
export class OmsError extends Error {
  override readonly name = "OmsError";

  /** @param problem Why (RFC 9457); undefined when the answer came from something else than the API, such as a proxy. */
  constructor(readonly status: number, readonly problem: Problem | undefined) {
    super(`${status} ${problem ? `${problem.code}: ${problem.detail ?? problem.title}` : "without a reason"}`);
  }

  /** Stable, for programs: `order-not-found`. */
  get code(): string | undefined {
    return this.problem?.code;
  }
}

interface Answer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** What was asked for. A refusal is thrown, as an {@link OmsError}. */
export async function unwrap<A extends Answer>(call: Promise<A>): Promise<NonNullable<A["data"]>> {
  const { data, error, response } = await call;
  if (!response.ok || data === undefined || data === null) throw new OmsError(response.status, isProblem(error) ? error : undefined);
  return data;
}

interface Page<T> {
  items: T[];
  next?: string | null;
}

/** Everything in a list, page by page. */
export async function* every<T>(read: (after: string | undefined) => Promise<Answer & { data?: Page<T> }>): AsyncGenerator<T> {
  let after: string | undefined;
  do {
    const page: Page<T> = await unwrap(read(after));
    yield* page.items;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "code" in error;
}
