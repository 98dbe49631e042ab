using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MultiArch.Oci.Formats;

/// <summary>Says what is wrong with a JSON document in its reader's words: System.Text.Json names the types and parameters of the program that reads it.</summary>
internal static partial class JsonFault
{
    private const int MaxPath = 120;

    /// <param name="fault">A <see cref="JsonException"/>; or an <see cref="InvalidOperationException"/>, which stands for text that is no Unicode; of all else its own message.</param>
    /// <returns>Words after a colon, without a full stop: <c>'platforms[0].size' in line 4 is no number</c>.</returns>
    public static string Describe(Exception fault) => fault switch
    {
        // A reader's own exception is of a class below it, and stands inside of the deserializer's.
        JsonException { InnerException: JsonException syntax } => DescribeSyntax(syntax),
        JsonException syntax when syntax.GetType() != typeof(JsonException) => DescribeSyntax(syntax),
        JsonException value => DescribeValue(value),
        InvalidOperationException => "it holds text that is no Unicode",
        _ => OneLine.Of(fault.Message).TrimEnd('.'),
    };

    private static string DescribeSyntax(JsonException fault)
    {
        var words = Position().Replace(fault.Message, "");
        return words.StartsWith("The input does not contain any JSON tokens", StringComparison.Ordinal) ? "it is empty"
            : words.StartsWith("Expected depth to be zero", StringComparison.Ordinal) ? "it ends before its last bracket is closed"
            : string.Create(CultureInfo.InvariantCulture, $"it is no JSON from line {fault.LineNumber + 1}, column {fault.BytePositionInLine + 1} on: {OneLine.Of(ReaderOptions().Replace(words, "")).TrimEnd('.')}");
    }

    private static string DescribeValue(JsonException fault)
    {
        var isWhole = fault.Path is null or "" or "$";
        var path = isWhole ? "it" : $"'{OneLine.Of(fault.Path!.StartsWith("$.", StringComparison.Ordinal) ? fault.Path[2..] : fault.Path, MaxPath)}'";
        var place = isWhole ? path : string.Create(CultureInfo.InvariantCulture, $"{path} in line {fault.LineNumber + 1}");
        return Missing().Match(fault.Message) is { Success: true } missing ? $"{path} lacks {OneLine.Of(missing.Groups["names"].Value)}"
            : Null().IsMatch(fault.Message) ? $"{place} is null"
            : Duplicate().IsMatch(fault.Message) ? $"{place} stands there twice"
            : Converted().Match(fault.Message) is { Success: true } converted ? $"{place} {Describe(converted.Groups["type"].Value, fault.InnerException, isWhole)}"
            : NamesType().IsMatch(fault.Message) ? $"{place} cannot be read"
            : $"{place}: {OneLine.Of(fault.Message).TrimEnd('.')}"; // of a converter of ours
    }

    /// <param name="type">Where a value is simple, of what it stands in.</param>
    private static string Describe(string type, Exception? cause, bool isWhole) => cause switch
    {
        FormatException => "is no number that fits",
        InvalidOperationException when Wanted().Match(cause.Message) is { Success: true } wanted => wanted.Groups["kind"].Value switch
        {
            "number" => "is no number",
            "boolean" => "is neither true nor false",
            _ => "is no text",
        },
        InvalidOperationException => "is text that is no Unicode",
        _ when type.Contains("List`1", StringComparison.Ordinal) || type.EndsWith("[]", StringComparison.Ordinal) => "is no list",
        _ when isWhole => "is no JSON object",
        _ when type.Contains("Dictionary`2", StringComparison.Ordinal) => "is no object",
        _ => "has a value that does not fit",
    };

    [GeneratedRegex(@"( Path: .*)?( \|)? LineNumber: \d+ \| BytePositionInLine: \d+\.?$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Position();

    [GeneratedRegex(@" which is not supported in this mode\. Change the reader options\.|, when isFinalBlock is true", RegexOptions.CultureInvariant)]
    private static partial Regex ReaderOptions();

    [GeneratedRegex(@"missing required properties including: (?<names>.+?)\.?$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Missing();

    [GeneratedRegex(@"doesn't allow (setting )?null", RegexOptions.CultureInvariant)]
    private static partial Regex Null();

    [GeneratedRegex(@"^Duplicate property ", RegexOptions.CultureInvariant)]
    private static partial Regex Duplicate();

    [GeneratedRegex(@"^The JSON value could not be converted to (?<type>\S+?)\.( Path: |$)", RegexOptions.CultureInvariant)]
    private static partial Regex Converted();

    [GeneratedRegex(@"^Cannot get the value of a token type '\w+' as a (?<kind>\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Wanted();

    [GeneratedRegex(@"\btype '|\bSystem\.|\bMultiArch\.", RegexOptions.CultureInvariant)]
    private static partial Regex NamesType();
}
