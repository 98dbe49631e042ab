namespace MultiArch.Oci;

/// <summary>Every code this project reports; docs/diagnostics.md has a section for each. A retired code is never given out again.</summary>
public static class DiagnosticCodes
{
    // 1xxx: configuration, before any work
    public const string NotRestored = "MARCH1001";
    public const string InvalidRepository = "MARCH1002";
    public const string InvalidTag = "MARCH1003";
    public const string InvalidRegistry = "MARCH1004";
    public const string UnknownRuntimeIdentifier = "MARCH1005";
    public const string PlatformNamedTwice = "MARCH1006";
    public const string InvalidBaseImage = "MARCH1007";
    public const string TagAndTags = "MARCH1008";
    public const string InvalidPort = "MARCH1009";
    public const string InvalidEnvironmentVariable = "MARCH1010";
    public const string InvalidCreated = "MARCH1011";
    public const string InvalidImageFormat = "MARCH1012";
    public const string NotAnApplication = "MARCH1013";
    public const string InvalidAppCommand = "MARCH1014";
    public const string RestoreDiffers = "MARCH1015";
    public const string NotBuilt = "MARCH1016";
    public const string OldPropertyName = "MARCH1017";
    public const string UnknownLocalRegistry = "MARCH1020";
    public const string NoLocalEngine = "MARCH1021";
    public const string InvalidAnnotation = "MARCH1022";
    public const string IndexAnnotationUnused = "MARCH1023";
    public const string BuiltForOnePlatform = "MARCH1024";
    public const string CompilationDiffers = "MARCH1025";
    public const string TargetFrameworkNotNamed = "MARCH1026";
    public const string SdkTooOld = "MARCH1027";
    public const string InvalidTargetPath = "MARCH1029";
    public const string InvalidMode = "MARCH1030";
    public const string InvalidOwner = "MARCH1031";
    public const string NoCrossCompiler = "MARCH1032";
    public const string CannotRestore = "MARCH1033";
    public const string ReferenceNotRestored = "MARCH1034";
    public const string RepositoryNormalized = "MARCH1037";
    public const string BaseNotInferred = "MARCH1038";
    public const string InvalidLayering = "MARCH1040";
    public const string InvalidMaxLayers = "MARCH1041";
    public const string InvalidCompression = "MARCH1043";
    public const string InvalidCompressionLevel = "MARCH1044";
    public const string InvalidCacheReference = "MARCH1045";
    public const string InvalidCertificate = "MARCH1046";
    public const string InvalidChunkSize = "MARCH1047";
    public const string InvalidMirror = "MARCH1048";
    public const string InvalidRequiredPlatform = "MARCH1049";
    public const string InvalidSwitch = "MARCH1050";

    // 2xxx: base image
    public const string BaseNotFound = "MARCH2001";
    public const string BaseLacksPlatform = "MARCH2002";
    public const string BaseContradictsItself = "MARCH2003";
    public const string BaseIsNoLayout = "MARCH2004";
    // MARCH2005, an image on scratch that does not start, is retired: LoaderMissing and its neighbours say more.

    // 3xxx: packing and inspection
    public const string FileVanished = "MARCH3001";
    public const string FileChanged = "MARCH3002";
    public const string NotARegularFile = "MARCH3003";
    public const string InvalidPath = "MARCH3004";
    public const string PathTwice = "MARCH3005";
    public const string CannotWrite = "MARCH3006";
    public const string LinkLeavesImage = "MARCH3007";
    public const string MachinePathInAssembly = "MARCH3008";
    public const string LayoutInUse = "MARCH3009";
    public const string ContentMismatch = "MARCH3010";
    public const string CannotRead = "MARCH3011";
    public const string DocumentTooLarge = "MARCH3012";
    public const string EngineFailed = "MARCH3013";
    public const string EngineTakesOnePlatform = "MARCH3014";
    public const string SourceMissing = "MARCH3015";
    public const string SourceIsFolder = "MARCH3016";
    public const string NativeFileForeign = "MARCH3020";
    public const string CLibraryForeign = "MARCH3021";
    public const string AssemblyForeign = "MARCH3022";
    public const string LoaderMissing = "MARCH3023";
    public const string FileCutOff = "MARCH3024";
    public const string FileOfAnotherSystem = "MARCH3025";
    public const string PlatformContradicted = "MARCH3026";
    public const string FrameworkMissing = "MARCH3027";
    public const string LibraryVersionMissing = "MARCH3028";
    public const string LibraryMissing = "MARCH3029";
    public const string IcuMissing = "MARCH3030";
    public const string ProgramMissing = "MARCH3031";
    public const string InvalidVerify = "MARCH3032";
    public const string InvalidImageReference = "MARCH3050";
    public const string VerifiedImageNotFound = "MARCH3051";
    public const string VerifiedImageUnreadable = "MARCH3052";
    public const string FilesOfAnotherPlatform = "MARCH3053";
    public const string FilesOfOtherPlatforms = "MARCH3054";
    public const string RequiredPlatformAbsent = "MARCH3055";
    public const string EntryNeverPicked = "MARCH3056";
    public const string IndexWithinIndex = "MARCH3057";
    public const string NoImages = "MARCH3058";
    public const string EntryWithoutPlatform = "MARCH3059";

    // 4xxx: registry
    public const string RegistryUnreachable = "MARCH4001";
    public const string RegistryUnauthorized = "MARCH4002";
    public const string RegistryDenied = "MARCH4003";
    public const string RegistryRefused = "MARCH4004";
    public const string RegistryFailed = "MARCH4005";
    public const string RegistryBroke = "MARCH4006";
    public const string RegistryContentMismatch = "MARCH4007";
    public const string RegistryUntrusted = "MARCH4008";
    public const string NotARegistry = "MARCH4009";
    public const string MirrorUnusable = "MARCH4010";
    public const string RegistryWarns = "MARCH4011";
    public const string LocationUpgraded = "MARCH4012";
    public const string CredentialSourceUnusable = "MARCH4013";
    public const string SecretIsLogged = "MARCH4014";
    public const string ForeignTokenService = "MARCH4015";
    public const string NotStored = "MARCH4017";
    public const string TagsMovedInPart = "MARCH4018";
    public const string CacheUnreadable = "MARCH4020";
    public const string CacheLies = "MARCH4021";

    // 5xxx: results and deployment
    public const string ResultNotWritten = "MARCH5001";
    public const string InvalidResultFile = "MARCH5002";
    public const string InvalidResultSetting = "MARCH5003";
    public const string InvalidKubernetesFile = "MARCH5010";
    public const string UnknownImageName = "MARCH5011";
    public const string AmbiguousImageName = "MARCH5012";
    public const string ImageNotInRegistry = "MARCH5013";
    public const string InvalidImageReport = "MARCH5014";
    public const string KubernetesFilesCollide = "MARCH5015";
    public const string ImageNameWithinText = "MARCH5016";
    public const string ImageOfOnePlatform = "MARCH5017";

    public const string PushByDigestNeedsRegistry = "MARCH5020";
    public const string PlatformsLost = "MARCH5021";
    public const string NothingToCombine = "MARCH5022";
    public const string InvalidCombineSource = "MARCH5023";
    public const string CombineSourcesDisagree = "MARCH5024";
    public const string ChildMissing = "MARCH5025";
    public const string ChildTwice = "MARCH5026";
    public const string MixedMediaFamilies = "MARCH5027";
    public const string ChildContradictsItself = "MARCH5028";
    public const string RequiredPlatformMissing = "MARCH5029";
    public const string TagNamesAnotherIndex = "MARCH5031";
    public const string AppendLost = "MARCH5032";
    public const string AppendNeedsTag = "MARCH5033";
    public const string CombineNeedsRegistry = "MARCH5034";

    // 6xxx: packages of an operating system
    public const string InvalidAptSources = "MARCH6001";
    public const string SourceLeftOut = "MARCH6002";
    public const string KeyringUnusable = "MARCH6003";
    public const string NotSignedByTrustedKey = "MARCH6004";
    public const string BadSignature = "MARCH6005";
    public const string IndexExpired = "MARCH6006";
    public const string NotTheRequestedSuite = "MARCH6007";
    public const string ArchitectureNotServed = "MARCH6008";
    public const string ArchiveUnreachable = "MARCH6009";
    public const string ArchiveRefused = "MARCH6010";
    public const string ArchiveContentMismatch = "MARCH6011";
    public const string PackageGone = "MARCH6012";
    public const string PackageCacheUnsafe = "MARCH6013";
    public const string InvalidRelease = "MARCH6014";
    public const string PackageUnknown = "MARCH6020";
    public const string PackageIsVirtual = "MARCH6021";
    public const string DependencyUnsatisfied = "MARCH6022";
    public const string PackagesConflict = "MARCH6023";
    public const string BaseOlderThanArchive = "MARCH6024";
    public const string PackageIndexUnreadable = "MARCH6025";
    public const string InstalledPackagesUnreadable = "MARCH6026";
    public const string PackageDamaged = "MARCH6040";
    public const string PackageIsAnother = "MARCH6041";
    public const string FileOfTwoPackages = "MARCH6042";
    public const string PackageDoesNotFit = "MARCH6043";
    public const string FileOfPackageAndApp = "MARCH6044";
    public const string InvalidAuthority = "MARCH6045";
    public const string ScriptNotRun = "MARCH6046";
    public const string SpecialMode = "MARCH6047";
    public const string LockUnreadable = "MARCH6060";
    public const string LockedBaseGone = "MARCH6061";
    public const string InvalidOSPackage = "MARCH6062";
    public const string InvalidOSPackageExclude = "MARCH6063";
    public const string InvalidOSPackageSource = "MARCH6064";
    public const string NotLocked = "MARCH6065";
    public const string NoPackageSources = "MARCH6066";
    public const string BaseHasNoDebianPackages = "MARCH6067";
    public const string SourceOfAnotherRelease = "MARCH6068";
    public const string NoDebianArchitecture = "MARCH6069";
    public const string HostSourceUnusable = "MARCH6070";
    public const string InvalidCacheSize = "MARCH6071";
    public const string ExcludeMatchesNothing = "MARCH6072";

    // 9xxx: our fault
    public const string Internal = "MARCH9001";
}
