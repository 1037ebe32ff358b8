using System.Text.Json.Nodes;
using ChunkStream.Core.Integrity;
using ChunkStream.Frontend.Keys;
using ChunkStream.Frontend.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ChunkStream.Frontend.Describing;

/// <summary>Adds to <c>/openapi/v1.json</c> what can't be read off the endpoints: the key, the problems, and our own JSON forms.</summary>
internal static class OpenApiDescription
{
    public const string DocumentName = "v1";

    private static readonly string[] Errors = ["400", "401", "404", "409", "503"];

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer(DescribeDocumentAsync);
        options.AddOperationTransformer(DescribeOperationAsync);
        options.AddSchemaTransformer(DescribeSchemaAsync);
    }

    private static Task DescribeDocumentAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "ChunkStream",
            Version = DocumentName,
            Description = "Moves large files over bad networks and keeps them. Chunks themselves cross on lanes to the gateways; these are the commands.",
        };
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[ApiKeyAuthentication.SchemeName] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key, such as the one in the data folder's api-key file.",
        };
        return Task.CompletedTask;
    }

    private static async Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (IOpenApiParameter parameter in operation.Parameters ?? [])
            if (parameter is { Name: "id" or "after", Schema: OpenApiSchema schema }) schema.Format = "uuid";
        if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any()) return;

        operation.Security = [new() { [new(ApiKeyAuthentication.SchemeName, context.Document)] = [] }];
        OpenApiSchema problem = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken);
        operation.Responses ??= [];
        foreach (string status in Errors)
        {
            operation.Responses.TryAdd(status, new OpenApiResponse
            {
                Description = "A problem; its code says which.",
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = problem } },
            });
        }
    }

    private static Task DescribeSchemaAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        Type type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(Digest))
        {
            schema.Type = JsonSchemaType.String;
            schema.Pattern = "^[0-9a-f]{64}$";
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(value => (JsonNode)NameOf(type, value))];
        }
        return Task.CompletedTask;
    }

    private static string NameOf(Type type, object value) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(Enum.GetName(type, value)!);
}
