using System.Text;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>What an installer makes on an empty root, where no package brings it: accounts, temporary folders, how names are looked up.</summary>
internal static class SystemFiles
{
    /// <summary>The user of .NET's own images, and its group.</summary>
    public const int AppId = 1654;

    private const string Master = "usr/share/base-passwd";
    private const string RootPasswd = "root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n";
    private const string RootGroup = "root:x:0:\nnogroup:x:65534:\n";

    // /etc/hosts is first: every container runtime puts it there.
    private const string NameServices = "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n";

    /// <param name="others">Paths that other layers of the image bring.</param>
    public static void Make(Placement placement, IReadOnlySet<string> others, GeneratedFiles files)
    {
        MakeFile("etc/passwd", ReadMaster("passwd.master", RootPasswd) + $"app:x:{AppId}:{AppId}::/home/app:/sbin/nologin\n");
        MakeFile("etc/group", ReadMaster("group.master", RootGroup) + $"app:x:{AppId}:\n");
        MakeFile("etc/nsswitch.conf", NameServices);
        MakeDirectory("home/app", StandardDirectories.Plain, AppId);
        MakeDirectory("root", StandardDirectories.Private);
        MakeDirectory("tmp", StandardDirectories.Sticky);
        MakeDirectory("var/tmp", StandardDirectories.Sticky);

        void MakeFile(string path, string content)
        {
            if (placement.Tree.Find(path) is null && !others.Contains(path))
            {
                placement.Make(new LayerFile(path, files.Write(Encoding.UTF8.GetBytes(content)), Mode: 0b110_100_100), package: null, isCommon: false);
            }
        }

        void MakeDirectory(string path, int mode, int owner = 0)
        {
            if (placement.Tree.Find(path) is null or { Type: TreeEntryType.Directory } && !placement.Placed.ContainsKey(path) && !others.Contains(path))
            {
                placement.Make(new LayerFile(path, Mode: mode, Uid: owner, Gid: owner), package: null, isCommon: false);
            }
        }

        // base-passwd's script copies the accounts that every Debian system has.
        string ReadMaster(string name, string otherwise) =>
            placement.Placed.GetValueOrDefault($"{Master}/{name}")?.File.Source is { } source ? File.ReadAllText(source) : otherwise;
    }
}
