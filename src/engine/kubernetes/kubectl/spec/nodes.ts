import type { CommandSpec } from './command-spec.ts';

export const CLUSTER_INFO: CommandSpec = {
  short: 'Display cluster information',
  long: `Display addresses of the control plane and services with label kubernetes.io/cluster-service=true.
> To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.`,
  examples: `# Print the address of the control plane and cluster services
kubectl cluster-info`,
  use: '[flags]',
  commands: {
    dump: {
      short: 'Dump relevant information for debugging and diagnosis',
      long: `Dump cluster information out suitable for debugging and diagnosing cluster problems.  By default,
> dumps everything to stdout. You can optionally specify a directory with --output-directory.  If
> you specify a directory, Kubernetes will build a set of files in that directory.  By default,
> only dumps things in the current namespace and 'kube-system' namespace, but you can switch to a
> different namespace with the --namespaces flag, or specify --all-namespaces to dump all
> namespaces.

 The command also dumps the logs of all of the pods in the cluster; these logs are dumped into
> different directories based on namespace and pod name.`,
      examples: `# Dump current cluster state to stdout
kubectl cluster-info dump

# Dump current cluster state to /path/to/cluster-state
kubectl cluster-info dump --output-directory=/path/to/cluster-state

# Dump all namespaces to stdout
kubectl cluster-info dump --all-namespaces

# Dump a set of namespaces to /path/to/cluster-state
kubectl cluster-info dump --namespaces default,kube-system
> --output-directory=/path/to/cluster-state`,
      use: '[flags]',
      flags: `
-A, --all-namespaces bool=false: If true, dump all namespaces.  If true, --namespaces is ignored.
*allow-missing-template-keys
--namespaces stringSlice=[]: A comma separated list of namespaces to dump.
-o, --output string=json: Output format. One of: (json, yaml, kyaml, name, go-template,
> go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file).
--output-directory string=: Where to output the files.  If empty or '-' uses stdout, otherwise
> creates a directory hierarchy in that directory
--pod-running-timeout duration=20s: The length of time (like 5s, 2m, or 3h, higher than zero) to
> wait until at least one pod is running
*show-managed-fields *template
`,
    },
  },
};

export const TOP: CommandSpec = {
  short: 'Display resource (CPU/memory) usage',
  long: `Display resource (CPU/memory) usage.

 The top command allows you to see the resource consumption for nodes or pods.

 This command requires Metrics Server to be correctly configured and working on the server.`,
  use: '[flags]',
  commands: {
    node: {
      short: 'Display resource (CPU/memory) usage of nodes',
      long: `Display resource (CPU/memory) usage of nodes.

 The top-node command allows you to see the resource consumption of nodes.`,
      aliases: ['nodes', 'no'],
      examples: `# Show metrics for all nodes
kubectl top node

# Show metrics for a given node
kubectl top node NODE_NAME`,
      use: '[NAME | -l label]',
      flags: `
--no-headers bool=false: If present, print output without headers
*selector
--show-capacity bool=false: Print node resources based on Capacity instead of Allocatable(default)
> of the nodes.
--show-swap bool=false: Print node resources related to swap memory.
--sort-by string=: If non-empty, sort nodes list using specified field. The field can be either
> 'cpu' or 'memory'.
--use-protocol-buffers bool=true: Enables using protocol-buffers to access Metrics API.
`,
    },
    pod: {
      short: 'Display resource (CPU/memory) usage of pods',
      long: `Display resource (CPU/memory) usage of pods.

 The 'top pod' command allows you to see the resource consumption of pods.

 Due to the metrics pipeline delay, they may be unavailable for a few minutes since pod creation.`,
      aliases: ['pods', 'po'],
      examples: `# Show metrics for all pods in the default namespace
kubectl top pod

# Show metrics for all pods in the given namespace
kubectl top pod --namespace=NAMESPACE

# Show metrics for a given pod and its containers
kubectl top pod POD_NAME --containers

# Show metrics for the pods defined by label name=myLabel
kubectl top pod -l name=myLabel`,
      use: '[NAME | -l label]',
      flags: `
*all-namespaces
--containers bool=false: If present, print usage of containers within a pod.
*field-selector
--no-headers bool=false: If present, print output without headers.
*selector
--show-swap bool=false: Print pod resources related to swap memory.
--sort-by string=: If non-empty, sort pods list using specified field. The field can be either
> 'cpu' or 'memory'.
--sum bool=false: Print the sum of the resource usage
--use-protocol-buffers bool=true: Enables using protocol-buffers to access Metrics API.
`,
    },
  },
  suggestFor: ['stats'],
};

export const CORDON: CommandSpec = {
  short: 'Mark node as unschedulable',
  long: 'Mark node as unschedulable.',
  examples: `# Mark node "foo" as unschedulable
kubectl cordon foo`,
  use: 'NODE',
  flags: `
*dry-run *selector
`,
};

export const UNCORDON: CommandSpec = {
  short: 'Mark node as schedulable',
  long: 'Mark node as schedulable.',
  examples: `# Mark node "foo" as schedulable
kubectl uncordon foo`,
  use: 'NODE',
  flags: `
*dry-run *selector
`,
};

export const DRAIN: CommandSpec = {
  short: 'Drain node in preparation for maintenance',
  long: `Drain node in preparation for maintenance.

 The given node will be marked unschedulable to prevent new pods from arriving. 'drain' evicts the
> pods if the API server supports https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
> eviction https://kubernetes.io/docs/concepts/workloads/pods/disruptions/ . Otherwise, it will
> use normal DELETE to delete the pods. The 'drain' evicts or deletes all pods except mirror pods
> (which cannot be deleted through the API server).  If there are daemon set-managed pods, drain
> will not proceed without --ignore-daemonsets, and regardless it will not delete any daemon
> set-managed pods, because those pods would be immediately replaced by the daemon set controller,
> which ignores unschedulable markings.  If there are any pods that are neither mirror pods nor
> managed by a replication controller, replica set, daemon set, stateful set, or job, then drain
> will not delete any pods unless you use --force.  --force will also allow deletion to proceed if
> the managing resource of one or more pods is missing.

 'drain' waits for graceful termination. You should not operate on the machine until the command
> completes.

 When you are ready to put the node back into service, use kubectl uncordon, which will make the
> node schedulable again.

https://kubernetes.io/images/docs/kubectl_drain.svg
> Workflowhttps://kubernetes.io/images/docs/kubectl_drain.svg`,
  examples: `# Drain node "foo", even if there are pods not managed by a replication controller, replica set,
> job, daemon set, or stateful set on it
kubectl drain foo --force

# As above, but abort if there are pods not managed by a replication controller, replica set, job,
> daemon set, or stateful set, and use a grace period of 15 minutes
kubectl drain foo --grace-period=900`,
  use: 'NODE',
  flags: `
*chunk-size
--delete-emptydir-data bool=false: Continue even if there are pods using emptyDir (local data that
> will be deleted when the node is drained).
--disable-eviction bool=false: Force drain to use delete, even if eviction is supported. This will
> bypass checking PodDisruptionBudgets, use with caution.
*dry-run
--force bool=false: Continue even if there are pods that do not declare a controller.
--grace-period int=-1: Period of time in seconds given to each pod to terminate gracefully. If
> negative, the default value specified in the pod will be used.
--ignore-daemonsets bool=false: Ignore DaemonSet-managed pods.
--pod-selector string=: Label selector to filter pods on the node
*selector
--skip-wait-for-delete-timeout int=0: If pod DeletionTimestamp older than N seconds, skip waiting
> for the pod.  Seconds must be greater than 0 to skip.
--timeout duration=0s: The length of time to wait before giving up, zero means infinite
`,
};

export const TAINT: CommandSpec = {
  short: 'Update the taints on one or more nodes',
  long: `Update the taints on one or more nodes.

  *  A taint consists of a key, value, and effect. As an argument here, it is expressed as
> key=value:effect.
  *  The key must begin with a letter or number, and may contain letters, numbers, hyphens, dots,
> and underscores, up to 253 characters.
  *  Optionally, the key can begin with a DNS subdomain prefix and a single '/', like
> example.com/my-app.
  *  The value is optional. If given, it must begin with a letter or number, and may contain
> letters, numbers, hyphens, dots, and underscores, up to 63 characters.
  *  The effect must be NoSchedule, PreferNoSchedule or NoExecute.
  *  Currently taint can only apply to node.`,
  examples: `# Update node 'foo' with a taint with key 'dedicated' and value 'special-user' and effect
> 'NoSchedule'
# If a taint with that key and effect already exists, its value is replaced as specified
kubectl taint nodes foo dedicated=special-user:NoSchedule

# Remove from node 'foo' the taint with key 'dedicated' and effect 'NoSchedule' if one exists
kubectl taint nodes foo dedicated:NoSchedule-

# Remove from node 'foo' all the taints with key 'dedicated'
kubectl taint nodes foo dedicated-

# Add a taint with key 'dedicated' on nodes having label myLabel=X
kubectl taint node -l myLabel=X  dedicated=foo:PreferNoSchedule

# Add to node 'foo' a taint with key 'bar' and no value
kubectl taint nodes foo bar:NoSchedule`,
  use: 'NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  flags: `
--all bool=false: Select all nodes in the cluster
*allow-missing-template-keys *dry-run
--field-manager string=kubectl-taint: Name of the manager used to track field ownership.
*output
--overwrite bool=false: If true, allow taints to be overwritten, otherwise reject taint updates
> that overwrite existing taints.
*selector *show-managed-fields *template *validate
`,
};
