using System.Text;
using Microsoft.Build.Framework;
using MultiArch.Build.Kubernetes;
using MultiArch.Oci;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace MultiArch.Build.Tasks;

/// <summary>Writes copies of Kubernetes files in which <c>multiarch://project</c> has become the reference of what that project's publish made. All of them, or none.</summary>
[MSBuildMultiThreadableTask]
public sealed class ResolveKubernetesFiles : AsyncTask
{
    /// <summary>Absolute; what relative paths are relative to.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <summary>Identity: the path of a YAML file.</summary>
    public ITaskItem[] Files { get; set; } = [];

    /// <summary>Paths of files <c>image.json</c>.</summary>
    public string[] ImageFiles { get; set; } = [];

    /// <summary>Absolute.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    /// <summary>Absolute; for files of our own that say what was written.</summary>
    [Required]
    public string RecordFolder { get; set; } = "";

    /// <summary>Absolute; of several projects in one folder each has copies of its own.</summary>
    public string ProjectFile { get; set; } = "";

    /// <summary>Identity: the absolute path of a copy. Metadata: <c>Source</c>.</summary>
    [Output]
    public ITaskItem[] Copies { get; set; } = [];

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var resolver = new KubernetesFileResolver(await PublishedImages.ReadAsync(ImageFiles.Select(FullPath), cancellationToken), Log);
        var outputs = new OutputPaths(ProjectDirectory, OutputFolder);
        var sources = Files.Select(item => (Path: FullPath(item.ItemSpec), Folder: item.GetMetadata("RecursiveDir"))).DistinctBy(source => source.Path).ToList();
        var copies = new List<(string Path, byte[] Content)>();
        var items = new List<ITaskItem>();
        foreach (var (path, folder) in sources)
        {
            if (outputs.IsOutput(path))
            {
                await resolver.RequireCopyAsync(path, OutputFolder, cancellationToken);
                continue;
            }

            var output = outputs.Of(path, folder);
            items.Add(new TaskItem(output, new Dictionary<string, string> { ["Source"] = path }));
            if (await resolver.ResolveAsync(path, cancellationToken) is { } content)
            {
                copies.Add((output, content));
            }
        }

        if (items.Count == 0 && !Log.HasLoggedErrors)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidKubernetesFile,
                sources.Count > 0
                    ? $"There is no MultiArchKubernetesFile to resolve: every file lies in the folder of the copies, '{OneLine.Of(OutputFolder)}'. Name another folder in MultiArchKubernetesOutput."
                    : "There is no MultiArchKubernetesFile to resolve. Add an item to the project, such as <MultiArchKubernetesFile Include=\"k8s/*.yaml\" />.");
        }

        if (!Log.HasLoggedErrors)
        {
            foreach (var stale in await new WrittenCopies(OutputFolder, RecordFile()).ReplaceAsync(copies, cancellationToken))
            {
                Log.LogMessage(MessageImportance.High, "{0}", $"  {OneLine.Of(stale)} is removed: no file is resolved to it any more.");
            }

            Copies = [.. items];
        }
    }

    private string RecordFile() => Path.Combine(RecordFolder, $"copies.{Digest.Of(Encoding.UTF8.GetBytes($"{ProjectFile}\n{OutputFolder}")).Hex[..10]}.txt");

    private string FullPath(string path) => Path.GetFullPath(path, ProjectDirectory);
}
