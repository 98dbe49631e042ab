using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Tests.Layers;

/// <summary>Which layers a platform's files become: order, folding of what is tiny, and of what is too many.</summary>
[TestClass]
public sealed class LayeringTests
{
    private static readonly LayerKind[] Kinds = Enum.GetValues<LayerKind>();

    [TestMethod]
    public void Every_kind_is_a_layer_from_what_changes_least_to_what_changes_most()
    {
        var layers = new Layering().Split(OneLargeFileOfEach(Kinds.Reverse()), Large);

        Assert.AreEqual("runtime packages native files references content app", Titles(layers));
        Assert.AreEqual("Runtime Packages Native Files References Content App", string.Join(' ', layers.Select(layer => layer.Files.Single().Path)));
    }

    [TestMethod]
    public void No_layer_is_empty() => Assert.IsEmpty(new Layering().Split([], Large));

    [TestMethod]
    public void What_is_smaller_than_64_KiB_goes_into_the_apps_layer_whatever_the_others_are()
    {
        foreach (var kind in Kinds.Except([LayerKind.App, LayerKind.Files]))
        {
            var files = OneLargeFileOfEach(Kinds).Append((kind, new LayerFile("second", "second")));
            var others = Kinds.Where(other => other != kind).Select(Layering.TitleOf).ToList();

            var large = new Layering().Split(files, Size(kind, 64 * 1024 - 1));
            var tiny = new Layering().Split(files, Size(kind, 64 * 1024 - 2));

            Assert.HasCount(Kinds.Length, large, "With the second file it is 64 KiB.");
            Assert.AreEqual(string.Join(' ', others), Titles(tiny));
            CollectionAssert.AreEquivalent(new[] { "App", kind.ToString(), "second" }, tiny[^1].Files.Select(file => file.Path).ToArray());
        }
    }

    [TestMethod]
    public void Files_that_a_project_names_stay_apart_however_small() =>
        Assert.AreEqual("files app", Titles(new Layering().Split(OneLargeFileOfEach([LayerKind.Files, LayerKind.App]), _ => 0)));

    [TestMethod]
    public void Where_the_app_has_nothing_of_its_own_what_is_tiny_is_its_layer() =>
        Assert.AreEqual("app", Titles(new Layering().Split(OneLargeFileOfEach([LayerKind.Packages, LayerKind.Content]), _ => 1)));

    [TestMethod]
    [DataRow(int.MaxValue, "runtime packages native files references content app")]
    [DataRow(7, "runtime packages native files references content app")]
    [DataRow(6, "runtime packages+native files references content app")]
    [DataRow(5, "runtime packages+native files content app+references")]
    [DataRow(4, "runtime packages+native files app+references+content")]
    [DataRow(3, "runtime packages+native+files app+references+content")]
    [DataRow(2, "runtime+packages+native+files app+references+content")]
    [DataRow(1, "app+references+content+runtime+packages+native+files")]
    public void Too_many_are_folded_in_a_fixed_order(int maxLayers, string expected)
    {
        var layers = new Layering(maxLayers).Split(OneLargeFileOfEach(Kinds), Large);

        Assert.AreEqual(expected, string.Join(' ', layers.Select(layer => string.Join('+', layer.Files.Select(file => file.Path.ToLowerInvariant())))));
        Assert.AreEqual(Titles(layers), string.Join(' ', layers.Select(layer => layer.Files[0].Path.ToLowerInvariant())), "It has the title of what it was folded into.");
    }

    [TestMethod]
    public void There_are_never_more_than_allowed_and_no_file_is_lost_whichever_kinds_there_are()
    {
        for (var set = 0; set < 1 << Kinds.Length; set++)
        {
            var kinds = Kinds.Where(kind => (set & (1 << (int)kind)) != 0).ToList();
            for (var maxLayers = 1; maxLayers <= Kinds.Length; maxLayers++)
            {
                var layers = new Layering(maxLayers).Split(OneLargeFileOfEach(kinds), Large);

                Assert.HasCount(Math.Min(maxLayers, kinds.Count), layers, $"{string.Join(' ', kinds)} in {maxLayers}");
                CollectionAssert.AreEquivalent(
                    kinds.Select(kind => kind.ToString()).ToList(),
                    layers.SelectMany(layer => layer.Files).Select(file => file.Path).ToList());
            }
        }
    }

    private static IEnumerable<(LayerKind Kind, LayerFile File)> OneLargeFileOfEach(IEnumerable<LayerKind> kinds) =>
        kinds.Select(kind => (kind, new LayerFile(kind.ToString(), "file")));

    private static long Large(LayerFile file) => Layering.TinySize;

    /// <summary>The kind's own file has that size, its second one has one byte.</summary>
    private static Func<LayerFile, long> Size(LayerKind kind, long size) =>
        file => file.Path == kind.ToString() ? size : file.Path == "second" ? 1 : Layering.TinySize;

    private static string Titles(IEnumerable<LayerPlan> layers) => string.Join(' ', layers.Select(layer => layer.Title));
}
