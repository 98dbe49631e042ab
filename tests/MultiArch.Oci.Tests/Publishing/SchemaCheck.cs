using System.Text.Json;
using System.Text.RegularExpressions;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>The part of JSON Schema that docs/image.schema.json uses. Stricter in two things: every member must be described, and a keyword that the check does not know fails the test.</summary>
internal static class SchemaCheck
{
    /// <returns>What contradicts the schema.</returns>
    public static IReadOnlyList<string> Find(JsonElement schema, JsonElement document) => [.. Find(schema, schema, document, "$")];

    private static IEnumerable<string> Find(JsonElement root, JsonElement schema, JsonElement value, string path)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var found = keyword.Name switch
            {
                "$schema" or "$id" or "$defs" or "title" or "description" => [],
                "$ref" => Find(root, root.GetProperty("$defs").GetProperty(keyword.Value.GetString()!["#/$defs/".Length..]), value, path),
                "type" => Types(keyword.Value).Any(type => IsA(value, type)) ? [] : [$"{path}: is no {string.Join(" or ", Types(keyword.Value))}"],
                "anyOf" => keyword.Value.EnumerateArray().Any(choice => !Find(root, choice, value, path).Any()) ? [] : [$"{path}: is none of the choices"],
                "const" => JsonElement.DeepEquals(keyword.Value, value) ? [] : [$"{path}: is not {keyword.Value}"],
                "pattern" => value.ValueKind is not JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!) ? [] : [$"{path}: does not match {keyword.Value}"],
                "minItems" => value.GetArrayLength() >= keyword.Value.GetInt32() ? [] : [$"{path}: has too few items"],
                "items" => value.ValueKind is JsonValueKind.Array ? value.EnumerateArray().SelectMany((item, i) => Find(root, keyword.Value, item, $"{path}[{i}]")) : [],
                "required" => keyword.Value.EnumerateArray().Select(name => name.GetString()!).Where(name => !Has(value, name)).Select(name => $"{path}: lacks '{name}'"),
                "additionalProperties" => value.EnumerateObject().SelectMany(member => Find(root, keyword.Value, member.Value, $"{path}.{member.Name}")),
                "properties" => FindInMembers(root, schema, value, path),
                _ => throw new NotSupportedException($"The check does not know the keyword '{keyword.Name}'."),
            };
            foreach (var problem in found)
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> FindInMembers(JsonElement root, JsonElement schema, JsonElement value, string path) =>
        value.ValueKind is not JsonValueKind.Object ? [] : value.EnumerateObject().SelectMany(member =>
            schema.GetProperty("properties").TryGetProperty(member.Name, out var its) ? Find(root, its, member.Value, $"{path}.{member.Name}")
            : [$"{path}.{member.Name}: is not in the schema"]);

    private static bool Has(JsonElement value, string name) => value.ValueKind is JsonValueKind.Object && value.TryGetProperty(name, out _);

    private static string[] Types(JsonElement type) =>
        type.ValueKind is JsonValueKind.Array ? [.. type.EnumerateArray().Select(name => name.GetString()!)] : [type.GetString()!];

    private static bool IsA(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind is JsonValueKind.Number,
        "null" => value.ValueKind is JsonValueKind.Null,
        _ => throw new NotSupportedException($"The check does not know the type '{type}'."),
    };
}
