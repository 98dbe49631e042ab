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
        var images = await PublishedImages.ReadAsync(ImageFiles.Select(FullPath), cancellationToken);
        var outputs = new OutputPaths(ProjectDirectory, OutputFolder);
        var sources = Files.Select(item => (Path: FullPath(item.ItemSpec), Folder: item.GetMetadata("RecursiveDir"))).DistinctBy(source => source.Path).ToList();
        var copies = new List<(string Path, byte[] Content)>();
        var items = new List<ITaskItem>();
        foreach (var (path, folder) in sources)
        {
            if (outputs.IsOutput(path))
            {
                await RequireCopyAsync(path, cancellationToken);
                continue;
            }

            var output = outputs.Of(path, folder);
            items.Add(new TaskItem(output, new Dictionary<string, string> { ["Source"] = path }));
            if (await ResolveAsync(path, images, cancellationToken) is { } content)
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

    /// <summary>Passes over a copy that a wildcard has found, in which nothing is left to replace. Anything else there would be given to the cluster as it stands.</summary>
    private async Task RequireCopyAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = await KubernetesFile.ReadAsync(path, cancellationToken);
            foreach (var image in file.Images.Where(image => image.IsWhole))
            {
                Log.ErrorAt(
                    path,
                    image.Line,
                    image.Column,
                    DiagnosticCodes.InvalidKubernetesFile,
                    $"'{NamedImages.Scheme}{OneLine.Of(image.Project)}' cannot be resolved here: this file lies in the folder of the copies, '{OneLine.Of(OutputFolder)}'. Name another folder in MultiArchKubernetesOutput, or move the file.");
            }
        }
        catch (YamlPositionException e)
        {
            ReportUnreadable(path, e);
        }
    }

    /// <returns>Null when errors were logged.</returns>
    private async Task<byte[]?> ResolveAsync(string path, PublishedImages images, CancellationToken cancellationToken)
    {
        try
        {
            var file = await KubernetesFile.ReadAsync(path, cancellationToken);
            var references = file.Images.Where(image => IsResolvable(path, image, images)).Select(image => image.Project).Distinct().ToDictionary(project => project, project => images.FindReference(project)!);
            return file.Images.All(image => !image.IsWhole || references.ContainsKey(image.Project)) ? file.With(project => references[project]) : null;
        }
        catch (YamlPositionException e)
        {
            ReportUnreadable(path, e);
            return null;
        }
    }

    private void ReportUnreadable(string path, YamlPositionException e) =>
        Log.ErrorAt(path, e.Line, e.Column, DiagnosticCodes.InvalidKubernetesFile, $"This file cannot be resolved: {e.Message.TrimEnd('.')}. Correct it there.");

    private bool IsResolvable(string path, NamedImage image, PublishedImages images)
    {
        if (!image.IsWhole)
        {
            Log.WarningAt(
                path,
                image.Line,
                image.Column,
                DiagnosticCodes.ImageNameWithinText,
                $"'{NamedImages.Scheme}' stands within a longer value here, and stays as it is: only a value that is a name and nothing else is replaced.");
            return false;
        }

        if (image.Misspelling is { } misspelling)
        {
            Log.ErrorAt(path, image.Line, image.Column, DiagnosticCodes.UnknownImageName, $"This names no image: {misspelling}.");
            return false;
        }

        try
        {
            if (images.FindReference(image.Project) is not null)
            {
                WarnOfPart(path, image, images);
                return true;
            }

            Log.ErrorAt(
                path,
                image.Line,
                image.Column,
                DiagnosticCodes.UnknownImageName,
                $"'{NamedImages.Scheme}{OneLine.Of(image.Project)}' names no image. Known are: {OneLine.Of(images.Projects)}. Correct the name, or name that project's image.json in MultiArchKubernetesFrom.");
        }
        catch (MultiArchException e)
        {
            Log.ErrorAt(path, image.Line, image.Column, e.Code, e.Message);
        }

        return false;
    }

    private void WarnOfPart(string path, NamedImage image, PublishedImages images)
    {
        if (images.FindPart(image.Project) is (var platform, var file))
        {
            Log.WarningAt(
                path,
                image.Line,
                image.Column,
                DiagnosticCodes.ImageOfOnePlatform,
                $"'{NamedImages.Scheme}{OneLine.Of(image.Project)}' becomes an image of {OneLine.Of(platform)} alone, which was pushed by digest as a part: '{OneLine.Of(file)}' tells of no other. Name the image.json that CombineMultiArchImage leaves.");
        }
    }

    private string RecordFile() => Path.Combine(RecordFolder, $"copies.{Digest.Of(Encoding.UTF8.GetBytes($"{ProjectFile}\n{OutputFolder}")).Hex[..10]}.txt");

    private string FullPath(string path) => Path.GetFullPath(path, ProjectDirectory);
}
