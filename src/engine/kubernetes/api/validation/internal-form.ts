import type { PodTemplate } from '../pod.ts';

/**
 * How the API server itself writes an object as JSON: its internal types have
 * no tags, so that every field is there, capitalised, in the order of the Go
 * struct (pkg/apis/core/types.go, v1.36). Two kinds of error print it: the one
 * of a Job template that changed, and the diff of a forbidden change.
 *
 * `s`, `n` and `b` are plain values, `*` is anything that may be null, `T` is
 * a struct held by value, `*T` and `[]T` one behind a pointer and a list.
 * Simplified: the fields of the volumes that a provider serves are left out.
 */
const STRUCTS: Readonly<Record<string, string>> = {
  PodSpec:
    'Volumes:[]Volume InitContainers:[]Container Containers:[]Container ' +
    'EphemeralContainers:[]EphemeralContainer RestartPolicy:s TerminationGracePeriodSeconds:* ' +
    'ActiveDeadlineSeconds:* DNSPolicy:s NodeSelector:* ServiceAccountName:s ' +
    'AutomountServiceAccountToken:* NodeName:s SecurityContext:*PodSecurityContext ' +
    'ImagePullSecrets:[]LocalReference Hostname:s Subdomain:s SetHostnameAsFQDN:* ' +
    'Affinity:*Affinity SchedulerName:s Tolerations:[]Toleration HostAliases:[]HostAlias ' +
    'PriorityClassName:s Priority:* PreemptionPolicy:* DNSConfig:*PodDNSConfig ' +
    'ReadinessGates:[]ReadinessGate RuntimeClassName:* Overhead:* EnableServiceLinks:* ' +
    'TopologySpreadConstraints:[]TopologySpreadConstraint OS:*PodOS ' +
    'SchedulingGates:[]LocalReference ResourceClaims:* Resources:*Resources HostnameOverride:* ' +
    'SchedulingGroup:*',
  PodSecurityContext:
    'HostNetwork:b HostPID:b HostIPC:b ShareProcessNamespace:* HostUsers:* SELinuxOptions:* ' +
    'WindowsOptions:* RunAsUser:* RunAsGroup:* RunAsNonRoot:* SupplementalGroups:* ' +
    'SupplementalGroupsPolicy:* FSGroup:* FSGroupChangePolicy:* Sysctls:[]NameValue ' +
    'SeccompProfile:*Profile AppArmorProfile:*Profile SELinuxChangePolicy:*',
  Container:
    'Name:s Image:s Command:* Args:* WorkingDir:s Ports:[]ContainerPort EnvFrom:[]EnvFrom ' +
    'Env:[]EnvVar Resources:Resources ResizePolicy:[]ResizePolicy RestartPolicy:* ' +
    'RestartPolicyRules:* VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice ' +
    'LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle ' +
    'TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s ' +
    'SecurityContext:*SecurityContext Stdin:b StdinOnce:b TTY:b',
  SecurityContext:
    'Capabilities:*Capabilities Privileged:* SELinuxOptions:* WindowsOptions:* RunAsUser:* ' +
    'RunAsGroup:* RunAsNonRoot:* ReadOnlyRootFilesystem:* AllowPrivilegeEscalation:* ' +
    'ProcMount:* SeccompProfile:*Profile AppArmorProfile:*Profile',
  Capabilities: 'Add:* Drop:*',
  Profile: 'Type:s LocalhostProfile:*',
  ContainerPort: 'Name:s HostPort:n ContainerPort:n Protocol:s HostIP:s',
  EnvFrom: 'Prefix:s ConfigMapRef:*OptionalReference SecretRef:*OptionalReference',
  OptionalReference: 'Name:s Optional:*',
  EnvVar: 'Name:s Value:s ValueFrom:*EnvVarSource',
  EnvVarSource:
    'FieldRef:*FieldRef ResourceFieldRef:*ResourceFieldRef ConfigMapKeyRef:*KeyRef ' +
    'SecretKeyRef:*KeyRef FileKeyRef:*',
  FieldRef: 'APIVersion:s FieldPath:s',
  ResourceFieldRef: 'ContainerName:s Resource:s Divisor:s',
  KeyRef: 'Name:s Key:s Optional:*',
  Resources: 'Limits:* Requests:* Claims:*',
  ResizePolicy: 'ResourceName:s RestartPolicy:s',
  VolumeMount:
    'Name:s ReadOnly:b RecursiveReadOnly:* MountPath:s SubPath:s MountPropagation:* SubPathExpr:s',
  VolumeDevice: 'Name:s DevicePath:s',
  Probe:
    'Exec:*Exec HTTPGet:*HTTPGet TCPSocket:*TCPSocket GRPC:*GRPC InitialDelaySeconds:n ' +
    'TimeoutSeconds:n PeriodSeconds:n SuccessThreshold:n FailureThreshold:n ' +
    'TerminationGracePeriodSeconds:*',
  Exec: 'Command:*',
  HTTPGet: 'Path:s Port:* Host:s Scheme:s HTTPHeaders:[]NameValue',
  TCPSocket: 'Port:* Host:s',
  GRPC: 'Port:n Service:*',
  NameValue: 'Name:s Value:s',
  Lifecycle: 'PostStart:*Handler PreStop:*Handler StopSignal:*',
  Handler: 'Exec:*Exec HTTPGet:*HTTPGet TCPSocket:*TCPSocket Sleep:*Sleep',
  Sleep: 'Seconds:n',
  Volume:
    'Name:s HostPath:*HostPath EmptyDir:*EmptyDir GCEPersistentDisk:* AWSElasticBlockStore:* ' +
    'GitRepo:* Secret:*SecretVolume NFS:*NFS ISCSI:* Glusterfs:* PersistentVolumeClaim:*Claim ' +
    'RBD:* Quobyte:* FlexVolume:* Cinder:* CephFS:* Flocker:* DownwardAPI:*DownwardVolume ' +
    'FC:* AzureFile:* ConfigMap:*ConfigVolume VsphereVolume:* AzureDisk:* ' +
    'PhotonPersistentDisk:* Projected:* PortworxVolume:* ScaleIO:* StorageOS:* CSI:* ' +
    'Ephemeral:* Image:*',
  PersistentVolumeSource:
    'GCEPersistentDisk:* AWSElasticBlockStore:* HostPath:*HostPath Glusterfs:* NFS:*NFS RBD:* ' +
    'Quobyte:* ISCSI:* FlexVolume:* Cinder:* CephFS:* FC:* Flocker:* AzureFile:* ' +
    'VsphereVolume:* AzureDisk:* PhotonPersistentDisk:* PortworxVolume:* ScaleIO:* ' +
    'Local:*Local StorageOS:* CSI:*',
  PersistentVolumeClaimSpec:
    'AccessModes:* Selector:* Resources:ClaimResources VolumeName:s StorageClassName:* ' +
    'VolumeMode:* DataSource:* DataSourceRef:* VolumeAttributesClassName:*',
  ClaimResources: 'Limits:* Requests:*',
  HostPath: 'Path:s Type:*',
  Local: 'Path:s FSType:*',
  EmptyDir: 'Medium:s SizeLimit:*',
  SecretVolume: 'SecretName:s Items:[]KeyToPath DefaultMode:* Optional:*',
  ConfigVolume: 'Name:s Items:[]KeyToPath DefaultMode:* Optional:*',
  KeyToPath: 'Key:s Path:s Mode:*',
  NFS: 'Server:s Path:s ReadOnly:b',
  Claim: 'ClaimName:s ReadOnly:b',
  DownwardVolume: 'Items:[]DownwardFile DefaultMode:*',
  DownwardFile: 'Path:s FieldRef:*FieldRef ResourceFieldRef:*ResourceFieldRef Mode:*',
  LocalReference: 'Name:s',
  Affinity: 'NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAffinity',
  NodeAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector ' +
    'PreferredDuringSchedulingIgnoredDuringExecution:[]PreferredNode',
  NodeSelector: 'NodeSelectorTerms:[]NodeTerm',
  PreferredNode: 'Weight:n Preference:NodeTerm',
  NodeTerm: 'MatchExpressions:[]NodeRequirement MatchFields:[]NodeRequirement',
  NodeRequirement: 'Key:s Operator:s Values:*',
  PodAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution:[]PodTerm ' +
    'PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodTerm',
  WeightedPodTerm: 'Weight:n PodAffinityTerm:PodTerm',
  PodTerm:
    'LabelSelector:* Namespaces:* TopologyKey:s NamespaceSelector:* MatchLabelKeys:* ' +
    'MismatchLabelKeys:*',
  Toleration: 'Key:s Operator:s Value:s Effect:s TolerationSeconds:*',
  HostAlias: 'IP:s Hostnames:*',
  PodDNSConfig: 'Nameservers:* Searches:* Options:[]NameValue',
  ReadinessGate: 'ConditionType:s',
  PodOS: 'Name:s',
  TopologySpreadConstraint:
    'MaxSkew:n TopologyKey:s WhenUnsatisfiable:s LabelSelector:* MinDomains:* ' +
    'NodeAffinityPolicy:* NodeTaintsPolicy:* MatchLabelKeys:*',
};

type Plain = Record<string, unknown>;

const ZERO: Readonly<Record<string, unknown>> = { s: '', n: 0, b: false, '*': null };

/** One struct, with all its fields. */
export function internalForm(value: unknown, type: string): unknown {
  const fields = type === 'EphemeralContainer' ? ephemeralFields() : STRUCTS[type];
  if (fields === undefined) return sorted(value);
  const given = new Map(
    Object.entries((value ?? {}) as Plain).map(([name, held]) => [name.toLowerCase(), held]),
  );
  if (type === 'PodSpec') moveHostFields(given);
  const form: Plain = {};
  for (const field of fields.split(' ')) {
    const [name, kind] = field.split(':') as [string, string];
    form[name] = internalField(given.get(name.toLowerCase()), kind);
  }
  return form;
}

const ephemeralFields = () => `${STRUCTS.Container ?? ''} TargetContainerName:s`;

function internalField(value: unknown, kind: string): unknown {
  if (kind in ZERO) return value === undefined ? ZERO[kind] : sorted(value);
  if (kind.startsWith('[]')) {
    if (!Array.isArray(value)) return null;
    return value.map((one) => internalForm(one, kind.slice(2)));
  }
  if (!kind.startsWith('*')) return internalForm(value, kind);
  return value === undefined ? null : internalForm(value, kind.slice(1));
}

/** The namespaces of the host are part of the security context inside. */
function moveHostFields(given: Map<string, unknown>): void {
  const moved: Plain = { ...(given.get('securitycontext') as Plain | undefined) };
  const names = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'];
  for (const name of names) {
    const held = given.get(name.toLowerCase());
    if (held !== undefined) moved[name] = held;
  }
  if (Object.keys(moved).length > 0) given.set('securitycontext', moved);
}

/** A map prints by key. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, held]) => [key, sorted(held)]));
}

/** The metadata of a template is embedded, and has tags. */
export const internalTemplate = ({ metadata, spec }: PodTemplate): object => ({
  ...(metadata?.labels && { labels: sorted(metadata.labels) }),
  ...(metadata?.annotations && { annotations: sorted(metadata.annotations) }),
  Spec: internalForm(spec, 'PodSpec'),
});
