using System.Xml.Linq;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The tasks run on .NET whatever runs MSBuild: in its process, on one of its threads, or in a process of their own.</summary>
[TestClass]
public sealed class TaskHostTests
{
    [TestMethod]
    public void Every_UsingTask_asks_for_NET_and_lets_the_factory_be_chosen()
    {
        var usings = Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "build"), "*", SearchOption.AllDirectories)
            .SelectMany(file => XDocument.Load(file).Descendants("UsingTask"))
            .ToList();

        var wrong = usings.Where(task => (string?)task.Attribute("Runtime") != "NET" || (string?)task.Attribute("TaskFactory") != "$(_MultiArchTaskFactory)");

        Assert.AreEqual("", string.Join(' ', wrong.Select(task => task.Attribute("TaskName")!.Value)));
        CollectionAssert.AreEquivalent(
            ProductNames.Tasks.Select(task => task.FullName).ToArray(),
            usings.Select(task => task.Attribute("TaskName")!.Value).Distinct().ToArray(),
            "Each task is declared, by every file that uses it.");
    }

    [TestMethod]
    public void Every_task_may_run_on_a_thread_of_the_build()
    {
        // MSBuild looks for the name, on the task's own class.
        const string Attribute = "Microsoft.Build.Framework.MSBuildMultiThreadableTaskAttribute";

        var others = ProductNames.Tasks.Where(task => !task.GetCustomAttributes(inherit: false).Any(attribute => attribute.GetType().FullName == Attribute));

        Assert.AreEqual("", string.Join(' ', others.Select(task => task.Name)));
    }

    [TestMethod]
    public async Task Out_of_process_and_on_threads_they_give_the_same_digest()
    {
        using var project = await TestProject.ConsoleAsync();
        using var threaded = await TestProject.ConsoleAsync();

        var outside = (await project.PublishAsync("-p:_MultiArchTaskFactory=TaskHostFactory", "-bl:publish.binlog")).ShouldSucceed();
        var inside = (await threaded.PublishAsync("-mt", "-bl:publish.binlog")).ShouldSucceed();

        Assert.AreEqual(inside.PublishedDigest(), outside.PublishedDigest());
        CollectionAssert.IsSubsetOf(
            new[] { "ValidateImage", "ValidatePlatform", "FingerprintCompilation", "WriteImagePlan", "PublishImageIndex" },
            BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).TasksInTaskHosts().ToArray());
        var hosted = BinaryLog.Read(Path.Combine(threaded.Folder, "publish.binlog")).TasksInTaskHosts();
        Assert.IsNotEmpty(hosted, "Not every task of the SDK may run on a thread: those that may not show that the build was multi-threaded.");
        Assert.AreEqual("", string.Join(' ', hosted.Where(ProductNames.AreOurs)));
    }
}
