using System.Text;
using MultiArch.Oci;

namespace MultiArch.Build.Kubernetes;

/// <summary>A file of Kubernetes objects as it stands on the disk, and where in it images are named <c>multiarch://project</c>.</summary>
internal sealed class KubernetesFile
{
    private const char ByteOrderMark = '\uFEFF';
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _text;

    private KubernetesFile(string path, string text, IReadOnlyList<NamedImage> images)
    {
        Path = path;
        _text = text;
        Images = images;
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<NamedImage> Images { get; }

    /// <exception cref="YamlPositionException">The file is not what can be read; the message says why, without the file's name.</exception>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidKubernetesFile"/>: there is no such file.</exception>
    public static async Task<KubernetesFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return Parse(path, await File.ReadAllBytesAsync(path, cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MultiArchException(DiagnosticCodes.InvalidKubernetesFile, $"Cannot read '{path}' of MultiArchKubernetesFile: {OneLine.Sentence(e.Message)} Correct the item.", e);
        }
    }

    /// <inheritdoc cref="ReadAsync" path="/exception[1]"/>
    public static KubernetesFile Parse(string path, byte[] content)
    {
        try
        {
            var text = Utf8.GetString(content);
            var start = text.StartsWith(ByteOrderMark) ? 1 : 0;
            return new KubernetesFile(path, text, [.. NamedImages.Find(text[start..]).Select(image => image with { Start = image.Start + start })]);
        }
        catch (DecoderFallbackException)
        {
            throw new YamlPositionException(0, 0, "it is not UTF-8");
        }
    }

    /// <summary>The file with a reference in the place of each name, and every other byte as it was.</summary>
    /// <param name="reference">By the project's name.</param>
    public byte[] With(Func<string, string> reference)
    {
        var text = new StringBuilder(_text.Length);
        var copied = 0;
        foreach (var image in Images.Where(image => image.IsWhole))
        {
            text.Append(_text, copied, image.Start - copied).Append(reference(image.Project));
            copied = image.Start + image.Length;
        }

        return Utf8.GetBytes(text.Append(_text, copied, _text.Length - copied).ToString());
    }
}
