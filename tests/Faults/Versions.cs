using System.Net.Mime;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Marten;
using Marten.Services;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.Faults;

/// <summary>
/// Makes of this process the next version of its service, as far as its neighbors notice: every fact that it stores and every message that it publishes has a
/// member more, its database a table more, and its answers say so.
/// </summary>
internal static class NextVersion
{
    public const string Member = "addedLater";
    private const string Header = "X-Version";
    private const string Name = "next";

    public static bool IsThisProcess => Environment.GetEnvironmentVariable("OMS_FAULTS_VERSION") == Name;

    public static void Into(IServiceCollection services)
    {
        services.AddTransient<IStartupFilter, SaysItsVersion>();
        services.AddPublishObserver<SaysMore>();
        services.ConfigureMarten(options =>
        {
            options.Storage.ExtendedSchemaObjects.Add(AddedTable());
            ((SystemTextJsonSerializer)options.Serializer()).Configure(json =>
                json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(AddToFacts));
        });
    }

    private static Table AddedTable()
    {
        var table = new Table(new PostgresqlObjectName("oms", "added_later", SchemaUtils.IdentifierUsage.General));
        table.AddColumn<string>("key").AsPrimaryKey();
        return table;
    }

    private static void AddToFacts(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || !Array.Exists(type.Type.GetInterfaces(), it => it.Name.EndsWith("Event", StringComparison.Ordinal)))
            return;
        var added = type.CreateJsonPropertyInfo(typeof(string), Member);
        added.Get = _ => Name;
        type.Properties.Add(added);
    }

    private sealed class SaysItsVersion : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Response.Headers[Header] = Name;
                return rest(context);
            });
            next(app);
        };
    }

    private sealed class SaysMore : IPublishObserver
    {
        public Task PrePublish<T>(PublishContext<T> context) where T : class
        {
            context.Serializer = new Widening(context.Serializer);
            return Task.CompletedTask;
        }

        public Task PostPublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;
    }

    private sealed class Widening(IMessageSerializer present) : IMessageSerializer
    {
        public ContentType ContentType => present.ContentType;

        public MessageBody GetMessageBody<T>(SendContext<T> context) where T : class
        {
            var envelope = JsonNode.Parse(present.GetMessageBody(context).GetBytes())!;
            envelope["message"]![Member] = Name;
            return new Body(Encoding.UTF8.GetBytes(envelope.ToJsonString()));
        }
    }

    private sealed class Body(byte[] bytes) : MessageBody
    {
        public long? Length => bytes.Length;

        public Stream GetStream() => new MemoryStream(bytes, writable: false);

        public byte[] GetBytes() => bytes;

        public string GetString() => Encoding.UTF8.GetString(bytes);
    }
}

/// <summary>Tells that a process of today has consumed a message of the next version, when <c>versions</c> asks for it.</summary>
internal sealed class HearsTheNext(FaultFolder faults) : IReceiveObserver
{
    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class
    {
        if (!NextVersion.IsThisProcess && faults.Told("versions") is not null
            && context.ReceiveContext.Body.GetString().Contains($"\"{NextVersion.Member}\"", StringComparison.Ordinal))
            faults.Struck("next-version-heard");
        return Task.CompletedTask;
    }

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
}
