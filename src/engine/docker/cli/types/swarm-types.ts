/** Structs of moby/moby v29.7.2 `api/types/swarm`, in the notation of `go-types.ts`. */
export const SWARM_TYPES = `
swarm.Service: ID string, +swarm.Meta, Spec swarm.ServiceSpec, PreviousSpec *swarm.ServiceSpec,
  Endpoint swarm.Endpoint, UpdateStatus *swarm.UpdateStatus, ServiceStatus *swarm.ServiceStatus,
  JobStatus *swarm.JobStatus
swarm.Node: ID string, +swarm.Meta, Spec swarm.NodeSpec, Description swarm.NodeDescription,
  Status swarm.NodeStatus, ManagerStatus *swarm.ManagerStatus
swarm.Task: ID string, +swarm.Meta, +swarm.Annotations, Spec swarm.TaskSpec, ServiceID string,
  Slot int, NodeID string, Status swarm.TaskStatus, DesiredState string,
  NetworksAttachments []swarm.NetworkAttachment, GenericResources []swarm.GenericResource,
  JobIteration *swarm.Version, Volumes []any
swarm.Secret: ID string, +swarm.Meta, Spec swarm.SecretSpec
swarm.Config: ID string, +swarm.Meta, Spec swarm.ConfigSpec
swarm.Meta: Version swarm.Version, CreatedAt time.Time, UpdatedAt time.Time
swarm.ServiceSpec: +swarm.Annotations, TaskTemplate swarm.TaskSpec, Mode swarm.ServiceMode,
  UpdateConfig *swarm.UpdateConfig, RollbackConfig *swarm.UpdateConfig,
  EndpointSpec *swarm.EndpointSpec
swarm.Endpoint: Spec swarm.EndpointSpec, Ports []swarm.PortConfig,
  VirtualIPs []swarm.EndpointVirtualIP
swarm.UpdateStatus: State string, StartedAt *time.Time, CompletedAt *time.Time, Message string
swarm.ServiceStatus: RunningTasks int, DesiredTasks int, CompletedTasks int
swarm.JobStatus: JobIteration swarm.Version, LastExecution time.Time
swarm.NodeSpec: +swarm.Annotations, Role string, Availability string
swarm.NodeDescription: Hostname string, Platform swarm.Platform, Resources swarm.Resources,
  Engine swarm.EngineDescription, TLSInfo swarm.TLSInfo, CSIInfo []any
swarm.NodeStatus: State string, Message string, Addr string
swarm.ManagerStatus: Leader bool, Reachability string, Addr string
swarm.Annotations: Name string, Labels map[string]string
swarm.TaskSpec: ContainerSpec *swarm.ContainerSpec, PluginSpec *swarm.RuntimeSpec,
  NetworkAttachmentSpec *swarm.NetworkAttachmentSpec, Resources *swarm.ResourceRequirements,
  RestartPolicy *swarm.RestartPolicy, Placement *swarm.Placement,
  Networks []swarm.NetworkAttachmentConfig, LogDriver *swarm.Driver, ForceUpdate int,
  Runtime string
swarm.TaskStatus: Timestamp time.Time, State string, Message string, Err string,
  ContainerStatus *swarm.ContainerStatus, PortStatus swarm.PortStatus
swarm.NetworkAttachment: Network swarm.Network, Addresses []netip.Prefix
swarm.GenericResource: NamedResourceSpec *swarm.NamedGenericResource,
  DiscreteResourceSpec *swarm.DiscreteGenericResource
swarm.Version: Index int
swarm.SecretSpec: +swarm.Annotations, Data []uint8, Driver *swarm.Driver, Templating *swarm.Driver
swarm.ConfigSpec: +swarm.Annotations, Data []uint8, Templating *swarm.Driver
swarm.Info: NodeID string, NodeAddr string, LocalNodeState string, ControlAvailable bool,
  Error string, RemoteManagers []swarm.Peer, Nodes int, Managers int, Cluster *swarm.ClusterInfo,
  Warnings []string
swarm.ServiceMode: Replicated *swarm.ReplicatedService, Global *struct{},
  ReplicatedJob *swarm.ReplicatedJob, GlobalJob *struct{}
swarm.UpdateConfig: Parallelism int, Delay time.Duration, FailureAction string,
  Monitor time.Duration, MaxFailureRatio int, Order string
swarm.EndpointSpec: Mode string, Ports []swarm.PortConfig
swarm.PortConfig: Name string, Protocol string, TargetPort int, PublishedPort int,
  PublishMode string
swarm.EndpointVirtualIP: NetworkID string, Addr netip.Prefix
swarm.Platform: Architecture string, OS string
swarm.Resources: NanoCPUs int, MemoryBytes int, GenericResources []swarm.GenericResource
swarm.EngineDescription: EngineVersion string, Labels map[string]string,
  Plugins []swarm.PluginDescription
swarm.TLSInfo: TrustRoot string, CertIssuerSubject []uint8, CertIssuerPublicKey []uint8
swarm.ContainerSpec: Image string, Labels map[string]string, Command []string, Args []string,
  Hostname string, Env []string, Dir string, User string, Groups []string,
  Privileges *swarm.Privileges, Init *bool, StopSignal string, TTY bool, OpenStdin bool,
  ReadOnly bool, Mounts []mount.Mount, StopGracePeriod *time.Duration,
  Healthcheck *dockerspec.HealthcheckConfig, Hosts []string, DNSConfig *swarm.DNSConfig,
  Secrets []*swarm.SecretReference, Configs []*swarm.ConfigReference, Isolation string,
  Sysctls map[string]string, CapabilityAdd []string, CapabilityDrop []string,
  Ulimits []*units.Ulimit, OomScoreAdj int
swarm.RuntimeSpec: Name=name string, Remote=remote string, Privileges=privileges []*any,
  Disabled=disabled bool, Env=env []string
swarm.NetworkAttachmentSpec: ContainerID string
swarm.ResourceRequirements: Limits *swarm.Limit, Reservations *swarm.Resources, SwapBytes *int,
  MemorySwappiness *int
swarm.RestartPolicy: Condition string, Delay *time.Duration, MaxAttempts *int,
  Window *time.Duration
swarm.Placement: Constraints []string, Preferences []swarm.PlacementPreference, MaxReplicas int,
  Platforms []swarm.Platform
swarm.NetworkAttachmentConfig: Target string, Aliases []string, DriverOpts map[string]string
swarm.Driver: Name string, Options map[string]string
swarm.ContainerStatus: ContainerID string, PID int, ExitCode int
swarm.PortStatus: Ports []swarm.PortConfig
swarm.Network: ID string, +swarm.Meta, Spec swarm.NetworkSpec, DriverState swarm.Driver,
  IPAMOptions *swarm.IPAMOptions
swarm.NamedGenericResource: Kind string, Value string
swarm.DiscreteGenericResource: Kind string, Value int
swarm.Peer: NodeID string, Addr string
swarm.ClusterInfo: ID string, +swarm.Meta, Spec swarm.Spec, TLSInfo swarm.TLSInfo,
  RootRotationInProgress bool, DefaultAddrPool []netip.Prefix, SubnetSize int, DataPathPort int
swarm.ReplicatedService: Replicas *int
swarm.ReplicatedJob: MaxConcurrent *int, TotalCompletions *int
swarm.PluginDescription: Type string, Name string
swarm.Privileges: CredentialSpec *swarm.CredentialSpec, SELinuxContext *swarm.SELinuxContext,
  Seccomp *swarm.SeccompOpts, AppArmor *swarm.AppArmorOpts, NoNewPrivileges bool
swarm.DNSConfig: Nameservers []netip.Addr, Search []string, Options []string
swarm.SecretReference: File *swarm.SecretReferenceFileTarget, SecretID string, SecretName string
swarm.ConfigReference: File *swarm.ConfigReferenceFileTarget, Runtime *struct{}, ConfigID string,
  ConfigName string
swarm.Limit: NanoCPUs int, MemoryBytes int, Pids int
swarm.PlacementPreference: Spread *swarm.SpreadOver
swarm.NetworkSpec: +swarm.Annotations, DriverConfiguration *swarm.Driver, IPv6Enabled bool,
  Internal bool, Attachable bool, Ingress bool, IPAMOptions *swarm.IPAMOptions,
  ConfigFrom *network.ConfigReference, Scope string
swarm.IPAMOptions: Driver swarm.Driver, Configs []swarm.IPAMConfig
swarm.Spec: +swarm.Annotations, Orchestration swarm.OrchestrationConfig, Raft swarm.RaftConfig,
  Dispatcher swarm.DispatcherConfig, CAConfig swarm.CAConfig, TaskDefaults swarm.TaskDefaults,
  EncryptionConfig swarm.EncryptionConfig
swarm.CredentialSpec: Config string, File string, Registry string
swarm.SELinuxContext: Disable bool, User string, Role string, Type string, Level string
swarm.SeccompOpts: Mode string, Profile []uint8
swarm.AppArmorOpts: Mode string
swarm.SecretReferenceFileTarget: Name string, UID string, GID string, Mode os.FileMode
swarm.ConfigReferenceFileTarget: Name string, UID string, GID string, Mode os.FileMode
swarm.SpreadOver: SpreadDescriptor string
swarm.IPAMConfig: Subnet netip.Prefix, Range netip.Prefix, Gateway netip.Addr
swarm.OrchestrationConfig: TaskHistoryRetentionLimit *int
swarm.RaftConfig: SnapshotInterval int, KeepOldSnapshots *int, LogEntriesForSlowFollowers int,
  ElectionTick int, HeartbeatTick int
swarm.DispatcherConfig: HeartbeatPeriod time.Duration
swarm.CAConfig: NodeCertExpiry time.Duration, ExternalCAs []*swarm.ExternalCA,
  SigningCACert string, SigningCAKey string, ForceRotate int
swarm.TaskDefaults: LogDriver *swarm.Driver
swarm.EncryptionConfig: AutoLockManagers bool
swarm.ExternalCA: Protocol string, URL string, Options map[string]string, CACert string
`;
