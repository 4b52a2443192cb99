/**
 * Structs of moby/moby v29.7.2 `api/types/{container,image,network,volume,system}` and of what
 * these hold, in the notation of `go-types.ts`. What the engine never has is `any`.
 */
export const ENGINE_TYPES = `
container.InspectResponse: ID=Id string, Created string, Path string, Args []string,
  State *container.State, Image string, ResolvConfPath string, HostnamePath string,
  HostsPath string, LogPath string, Name string, RestartCount int, Driver string, Platform string,
  MountLabel string, ProcessLabel string, AppArmorProfile string, ExecIDs []string,
  HostConfig *container.HostConfig, GraphDriver *storage.DriverData, Storage *storage.Storage,
  SizeRw *int, SizeRootFs *int, Mounts []container.MountPoint, Config *container.Config,
  NetworkSettings *container.NetworkSettings, ImageManifestDescriptor *v1.Descriptor
container.State: Status string, Running bool, Paused bool, Restarting bool, OOMKilled bool,
  Dead bool, Pid int, ExitCode int, Error string, StartedAt string, FinishedAt string,
  Health *container.Health
container.HostConfig: Binds []string, ContainerIDFile string, LogConfig container.LogConfig,
  NetworkMode string, PortBindings map[network.Port][]network.PortBinding,
  RestartPolicy container.RestartPolicy, AutoRemove bool, VolumeDriver string,
  VolumesFrom []string, ConsoleSize [2]int, Annotations map[string]string, CapAdd []string,
  CapDrop []string, CgroupnsMode string, DNS=Dns []netip.Addr, DNSOptions=DnsOptions []string,
  DNSSearch=DnsSearch []string, ExtraHosts []string, GroupAdd []string, IpcMode string,
  Cgroup string, Links []string, OomScoreAdj int, PidMode string, Privileged bool,
  PublishAllPorts bool, ReadonlyRootfs bool, SecurityOpt []string, StorageOpt map[string]string,
  Tmpfs map[string]string, UTSMode string, UsernsMode string, ShmSize int,
  Sysctls map[string]string, Runtime string, Isolation string, +container.Resources,
  Mounts []mount.Mount, MaskedPaths []string, ReadonlyPaths []string, Init *bool
container.MountPoint: Type string, Name string, Source string, Destination string, Driver string,
  Mode string, RW bool, Propagation string
container.Config: Hostname string, Domainname string, User string, AttachStdin bool,
  AttachStdout bool, AttachStderr bool, ExposedPorts map[network.Port]struct{}, Tty bool,
  OpenStdin bool, StdinOnce bool, Env []string, Cmd []string,
  Healthcheck *dockerspec.HealthcheckConfig, ArgsEscaped bool, Image string,
  Volumes map[string]struct{}, WorkingDir string, Entrypoint []string,
  NetworkDisabled bool, OnBuild []string, Labels map[string]string, StopSignal string,
  StopTimeout *int, Shell []string
container.NetworkSettings: SandboxID string, SandboxKey string,
  Ports map[network.Port][]network.PortBinding, Networks map[string]*network.EndpointSettings
container.Health: Status string, FailingStreak int, Log []*container.HealthcheckResult
container.LogConfig: Type string, Config map[string]string
container.RestartPolicy: Name string, MaximumRetryCount int
container.Resources: CPUShares=CpuShares int, Memory int, NanoCPUs=NanoCpus int,
  CgroupParent string, BlkioWeight int, BlkioWeightDevice []*any, BlkioDeviceReadBps []*any,
  BlkioDeviceWriteBps []*any, BlkioDeviceReadIOps []*any, BlkioDeviceWriteIOps []*any,
  CPUPeriod=CpuPeriod int, CPUQuota=CpuQuota int, CPURealtimePeriod=CpuRealtimePeriod int,
  CPURealtimeRuntime=CpuRealtimeRuntime int, CpusetCpus string, CpusetMems string,
  Devices []container.DeviceMapping, DeviceCgroupRules []string,
  DeviceRequests []container.DeviceRequest, MemoryReservation int, MemorySwap int,
  MemorySwappiness *int, OomKillDisable *bool, PidsLimit *int, Ulimits []*units.Ulimit,
  CPUCount=CpuCount int, CPUPercent=CpuPercent int, IOMaximumIOps int, IOMaximumBandwidth int
container.HealthcheckResult: Start time.Time, End time.Time, ExitCode int, Output string
container.DeviceMapping: PathOnHost string, PathInContainer string, CgroupPermissions string
container.DeviceRequest: Driver string, Count int, DeviceIDs []string, Capabilities [][]string,
  Options map[string]string
image.InspectResponse: ID=Id string, RepoTags []string, RepoDigests []string, Comment string,
  Created string, Author string, Config *dockerspec.DockerOCIImageConfig, Architecture string,
  Variant string, Os string, OsVersion string, Size int, GraphDriver *storage.DriverData,
  RootFS image.RootFS, Metadata image.Metadata, Descriptor *v1.Descriptor, Manifests []any,
  Identity *any
image.RootFS: Type string, Layers []string
image.Metadata: LastTagTime time.Time
network.Inspect: +network.Network, Containers map[string]network.EndpointResource,
  Services map[string]network.ServiceInfo, Status *network.Status
network.Network: Name string, ID=Id string, Created time.Time, Scope string, Driver string,
  EnableIPv4 bool, EnableIPv6 bool, IPAM network.IPAM, Internal bool, Attachable bool,
  Ingress bool, ConfigFrom network.ConfigReference, ConfigOnly bool, Options map[string]string,
  Labels map[string]string, Peers []network.PeerInfo
network.EndpointResource: Name string, EndpointID string, MacAddress network.HardwareAddr,
  IPv4Address netip.Prefix, IPv6Address netip.Prefix
network.ServiceInfo: VIP netip.Addr, Ports []string, LocalLBIndex int, Tasks []network.Task
network.Status: IPAM network.IPAMStatus
network.PortBinding: HostIP=HostIp netip.Addr, HostPort string
network.EndpointSettings: IPAMConfig *network.EndpointIPAMConfig, Links []string,
  Aliases []string, DriverOpts map[string]string, GwPriority int, NetworkID string,
  EndpointID string, Gateway netip.Addr, IPAddress netip.Addr, MacAddress network.HardwareAddr,
  IPPrefixLen int, IPv6Gateway netip.Addr, GlobalIPv6Address netip.Addr, GlobalIPv6PrefixLen int,
  DNSNames []string
network.IPAM: Driver string, Options map[string]string, Config []network.IPAMConfig
network.ConfigReference: Network string
network.PeerInfo: Name string, IP netip.Addr
network.Task: Name string, EndpointID string, EndpointIP netip.Addr, Info map[string]string
network.IPAMStatus: Subnets map[netip.Prefix]network.SubnetStatus
network.EndpointIPAMConfig: IPv4Address netip.Addr, IPv6Address netip.Addr,
  LinkLocalIPs []netip.Addr
network.IPAMConfig: Subnet netip.Prefix, IPRange netip.Prefix, Gateway netip.Addr,
  AuxAddress=AuxiliaryAddresses map[string]netip.Addr
network.SubnetStatus: IPsInUse int, DynamicIPsAvailable int
volume.Volume: ClusterVolume *any, CreatedAt string, Driver string, Labels map[string]string,
  Mountpoint string, Name string, Options map[string]string, Scope string, Status map[string]any,
  UsageData *volume.UsageData
volume.UsageData: RefCount int, Size int
storage.DriverData: Data map[string]string, Name string
storage.Storage: RootFS *storage.RootFSStorage
storage.RootFSStorage: Snapshot *storage.RootFSStorageSnapshot
storage.RootFSStorageSnapshot: Name string
mount.Mount: Type string, Source string, Target string, ReadOnly bool, Consistency string,
  BindOptions *mount.BindOptions, VolumeOptions *mount.VolumeOptions,
  ImageOptions *mount.ImageOptions, TmpfsOptions *mount.TmpfsOptions, ClusterOptions *any
mount.BindOptions: Propagation string, NonRecursive bool, CreateMountpoint bool,
  ReadOnlyNonRecursive bool, ReadOnlyForceRecursive bool
mount.VolumeOptions: NoCopy bool, Labels map[string]string, Subpath string,
  DriverConfig *mount.Driver
mount.ImageOptions: Subpath string
mount.TmpfsOptions: SizeBytes int, Mode os.FileMode, Options [][]string
mount.Driver: Name string, Options map[string]string
system.Info: ID string, Containers int, ContainersRunning int, ContainersPaused int,
  ContainersStopped int, Images int, Driver string, DriverStatus [][2]string,
  SystemStatus [][2]string, Plugins system.PluginsInfo, MemoryLimit bool, SwapLimit bool,
  CPUCfsPeriod=CpuCfsPeriod bool, CPUCfsQuota=CpuCfsQuota bool, CPUShares bool, CPUSet bool,
  PidsLimit bool, IPv4Forwarding bool, Debug bool, NFd int, OomKillDisable bool, NGoroutines int,
  SystemTime string, LoggingDriver string, CgroupDriver string, CgroupVersion string,
  NEventsListener int, KernelVersion string, OperatingSystem string, OSVersion string,
  OSType string, Architecture string, IndexServerAddress string,
  RegistryConfig *registry.ServiceConfig, NCPU int, MemTotal int,
  GenericResources []swarm.GenericResource, DockerRootDir string, HTTPProxy=HttpProxy string,
  HTTPSProxy=HttpsProxy string, NoProxy string, Name string, Labels []string,
  ExperimentalBuild bool, ServerVersion string, Runtimes map[string]system.RuntimeWithStatus,
  DefaultRuntime string, Swarm swarm.Info, LiveRestoreEnabled bool, Isolation string,
  InitBinary string, ContainerdCommit system.Commit, RuncCommit system.Commit,
  InitCommit system.Commit, SecurityOptions []string, ProductLicense string,
  DefaultAddressPools []system.NetworkAddressPool, FirewallBackend *system.FirewallInfo,
  CDISpecDirs []string, DiscoveredDevices []any, NRI *any, Containerd *system.ContainerdInfo,
  Warnings []string
system.ComponentVersion: Name string, Version string, Details map[string]string
system.PluginsInfo: Volume []string, Network []string, Authorization []string, Log []string
system.RuntimeWithStatus: +system.Runtime, Status=status map[string]string
system.Commit: ID string
system.NetworkAddressPool: Base netip.Prefix, Size int
system.FirewallInfo: Driver string, Info [][2]string
system.ContainerdInfo: Address string, Namespaces system.ContainerdNamespaces
system.Runtime: Path=path string, Args=runtimeArgs []string, Type=runtimeType string,
  Options=options map[string]any
system.ContainerdNamespaces: Containers string, Plugins string
registry.ServiceConfig: InsecureRegistryCIDRs []netip.Prefix,
  IndexConfigs map[string]*registry.IndexInfo, Mirrors []string
registry.IndexInfo: Name string, Mirrors []string, Secure bool, Official bool
v1.Descriptor: MediaType=mediaType string, Digest=digest string, Size=size int,
  URLs=urls []string, Annotations=annotations map[string]string, Data=data []uint8,
  Platform=platform *v1.Platform, ArtifactType=artifactType string
v1.Platform: Architecture=architecture string, OS=os string, OSVersion=os.version string,
  OSFeatures=os.features []string, Variant=variant string
v1.ImageConfig: User string, ExposedPorts map[string]struct{}, Env []string, Entrypoint []string,
  Cmd []string, Volumes map[string]struct{}, WorkingDir string, Labels map[string]string,
  StopSignal string, ArgsEscaped bool
dockerspec.DockerOCIImageConfig: +v1.ImageConfig, +dockerspec.DockerOCIImageConfigExt
dockerspec.HealthcheckConfig: Test []string, Interval time.Duration, Timeout time.Duration,
  StartPeriod time.Duration, StartInterval time.Duration, Retries int
dockerspec.DockerOCIImageConfigExt: Healthcheck *dockerspec.HealthcheckConfig, OnBuild []string,
  Shell []string
units.Ulimit: Name string, Hard int, Soft int
`;
