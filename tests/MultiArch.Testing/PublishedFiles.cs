using System.Text.RegularExpressions;
using MultiArch.Oci.Inspection;

namespace MultiArch.Testing;

/// <summary>Compares one platform of an image with what <c>dotnet publish -r</c> makes of the same project.</summary>
public static partial class PublishedFiles
{
    /// <summary>Fails unless both have the same files with the same bytes; of the assemblies compiled by each publish, IL and metadata.</summary>
    /// <param name="image">The files of the app, by their path below the app's folder.</param>
    /// <param name="folder">The folder of the plain publish.</param>
    /// <param name="compiled">The names, without extension, of the assemblies that were compiled from source.</param>
    public static void ShouldBe(IReadOnlyDictionary<string, byte[]> image, string folder, params IReadOnlyCollection<string> compiled)
    {
        var plain = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllBytes, StringComparer.Ordinal);
        Compare("", plain, image, compiled);
    }

    /// <summary>The content of <c>app/</c>, links and folders left out.</summary>
    public static IReadOnlyDictionary<string, byte[]> OfApp(this OciImage image) => image.Entries
        .Where(entry => entry.EntryType is System.Formats.Tar.TarEntryType.RegularFile && entry.Name.StartsWith("app/", StringComparison.Ordinal))
        .ToDictionary(entry => entry.Name["app/".Length..], OciImage.Read, StringComparer.Ordinal);

    /// <summary>Fails unless every ELF file is for this machine, and there is one.</summary>
    /// <param name="machine"><c>e_machine</c>: 62 is x86-64, 183 AArch64.</param>
    /// <param name="loader">What the interpreter of each program starts with, such as <c>/lib/ld-musl-</c>.</param>
    public static void ElfFilesShouldBe(IReadOnlyDictionary<string, byte[]> files, int machine, string loader)
    {
        var elves = files.Where(file => file.Value.AsSpan().StartsWith("\u007fELF"u8)).ToList();
        Assert.IsNotEmpty(elves, "Not even an apphost.");
        foreach (var (path, content) in elves)
        {
            Assert.AreEqual(machine, BitConverter.ToUInt16(content, 18), $"{path}: e_machine");
            var elf = ElfFile.TryRead(content)!; // it has the four bytes
            if (elf.Interpreter is { } interpreter)
            {
                StringAssert.StartsWith(interpreter, loader, path);
            }
        }
    }

    private static void Compare(string where, IReadOnlyDictionary<string, byte[]> plain, IReadOnlyDictionary<string, byte[]> image, IReadOnlyCollection<string> compiled)
    {
        Assert.AreEqual(
            string.Join('\n', plain.Keys.Order(StringComparer.Ordinal)),
            string.Join('\n', image.Keys.Order(StringComparer.Ordinal)),
            $"The same files{where}.");
        var different = new List<string>();
        foreach (var (path, expected) in plain)
        {
            var actual = image[path];
            if (expected.AsSpan().SequenceEqual(actual))
            {
                continue;
            }

            var name = Path.GetFileNameWithoutExtension(path);
            if (path.EndsWith(".staticwebassets.endpoints.json", StringComparison.Ordinal))
            {
                Assert.AreEqual(WithoutTimes(expected), WithoutTimes(actual), path);
            }
            else if (SingleFileBundle.TryRead(expected) is { } expectedMembers && SingleFileBundle.TryRead(actual) is { } members)
            {
                Compare($" in {path}", expectedMembers, members, compiled);
            }
            else if (compiled.Contains(name) && AssemblyContent.IsAssembly(expected) && AssemblyContent.IsAssembly(actual))
            {
                Assert.AreEqual(string.Join('\n', AssemblyContent.Describe(expected)), string.Join('\n', AssemblyContent.Describe(actual)), path);
                Assert.AreEqual(AssemblyContent.IsReadyToRun(expected), AssemblyContent.IsReadyToRun(actual), $"{path}: native code beside the IL");
            }
            else if (compiled.Contains(name) && path.EndsWith(".pdb", StringComparison.Ordinal))
            {
                Assert.AreEqual(AssemblyContent.DescribePortablePdb(expected), AssemblyContent.DescribePortablePdb(actual), path);
            }
            else
            {
                different.Add(path);
            }
        }

        Assert.AreEqual("", string.Join(' ', different), $"Files with other bytes{where}.");
    }

    /// <summary>Source and build times; we write constant ones.</summary>
    private static string WithoutTimes(byte[] endpoints) => LastModified().Replace(System.Text.Encoding.UTF8.GetString(endpoints), "$1");

    [GeneratedRegex(@"(""Name"":\s*""Last-Modified"",\s*""Value"":\s*)""[^""]*""")]
    private static partial Regex LastModified();
}
