import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createOmsClient, every, OmsError, type Schemas, unwrap } from "../src/index.js";

// Against a running platform: OMS_URL and OMS_API_KEY say which.
const oms = createOmsClient({ baseUrl: process.env["OMS_URL"]!, apiKey: process.env["OMS_API_KEY"]! });
const run = randomUUID().slice(0, 8);
const placed: string[] = [];

function order(number: string): Schemas["OrderBody"] {
  return {
    channel: "online_store",
    channelOrderNumber: `ts-${run}-${number}`,
    customer: { email: `ts-${run}@customers.example`, name: "Ann Example" },
    shipTo: { name: "Ann Example", line1: "1 Main St", city: "New York", region: "NY", postalCode: "10001", country: "US" },
    currency: "USD",
    lines: [{ sku: `TS-${run}`, quantity: 2, unitPrice: 9.99 }],
  };
}

async function place(number: string) {
  const it = await unwrap(oms.POST("/v1/orders", { body: order(number) }));
  placed.push(it.id);
  return it;
}

before(() => unwrap(oms.PUT("/v1/items/{sku}", { params: { path: { sku: `TS-${run}` } }, body: { name: "Mug" } })));

// Nobody has what was ordered, and it would wait for ever.
after(async () => {
  for (const orderId of placed) {
    const params = { path: { orderId } };
    await unwrap(oms.POST("/v1/orders/{orderId}/cancellation", { params, body: { reason: "a test" } }));
    while ((await unwrap(oms.GET("/v1/orders/{orderId}", { params }))).status !== "canceled") await pause(100);
  }
});

test("an order that was placed is read again", async () => {
  const { id, number } = await place("1");
  const read = await unwrap(oms.GET("/v1/orders/{orderId}", { params: { path: { orderId: id } } }));

  assert.equal(read.number, number);
  assert.equal(read.total, 19.98);
  assert.equal(read.lines[0]?.quantity, 2);
});

test("an order that is sent again is the same order", async () => {
  const first = await oms.POST("/v1/orders", { body: order("2"), params: { header: { "Idempotency-Key": `ts-${run}` } } });
  const second = await oms.POST("/v1/orders", { body: order("2"), params: { header: { "Idempotency-Key": `ts-${run}` } } });

  assert.ok(first.data?.id);
  placed.push(first.data.id);
  assert.equal(second.data?.id, first.data.id);
});

test("a refusal is a typed problem, returned or thrown", async () => {
  const params = { path: { orderId: randomUUID() } };
  const { error, response } = await oms.GET("/v1/orders/{orderId}", { params });
  assert.equal(response.status, 404);
  assert.equal(error?.code, "order-not-found");

  await assert.rejects(unwrap(oms.GET("/v1/orders/{orderId}", { params })), (refused: unknown) => {
    assert.ok(refused instanceof OmsError);
    assert.equal(refused.status, 404);
    assert.equal(refused.code, "order-not-found");
    assert.ok(refused.problem?.traceId);
    return true;
  });
});

test("a change on top of an old version is refused", async () => {
  const { id } = await place("3");
  const refused = await oms.POST("/v1/orders/{orderId}/holds", {
    params: { path: { orderId: id }, header: { "If-Match": '"0"' } },
    body: { reason: "address" },
  });

  assert.equal(refused.response.status, 412);
});

test("a list is read to its end, page by page", async () => {
  const three = await Promise.all(["4", "5", "6"].map(place));
  const wanted = new Set(three.map((it) => it.id));
  const [oldest] = three.map((it) => it.placedAt).sort();
  let pages = 0;
  const orders = every((after) => {
    pages++;
    return oms.GET("/v1/orders", { params: { query: { channel: "online_store", placedFrom: oldest, limit: 2, after } } });
  });
  for await (const it of orders) wanted.delete(it.id);

  assert.equal(wanted.size, 0);
  assert.ok(pages >= 2);
});
