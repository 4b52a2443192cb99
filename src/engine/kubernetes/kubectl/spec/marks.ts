import type { CommandSpec } from './command-spec.ts';

export const WAIT: CommandSpec = {
  short: 'Wait for a specific condition on one or many resources',
  long: `Wait for a specific condition on one or many resources.

 The command takes multiple resources and waits until the specified condition is seen in the
> Status field of every given resource.

 Alternatively, the command can wait for the given set of resources to be created or deleted by
> providing the "create" or "delete" keyword as the value to the --for flag.

 A successful message will be printed to stdout indicating when the specified condition has been
> met. You can use -o option to change to output destination.`,
  examples: `# Wait for the pod "busybox1" to contain the status condition of type "Ready"
kubectl wait --for=condition=Ready pod/busybox1

# The default value of status condition is true; you can wait for other targets after an equal
> delimiter (compared after Unicode simple case folding, which is a more general form of
> case-insensitivity)
kubectl wait --for=condition=Ready=false pod/busybox1

# Wait for the pod "busybox1" to contain the status phase to be "Running"
kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1

# Wait for pod "busybox1" to be Ready
kubectl wait --for='jsonpath={.status.conditions[?(@.type=="Ready")].status}=True' pod/busybox1

# Wait for the service "loadbalancer" to have ingress
kubectl wait --for=jsonpath='{.status.loadBalancer.ingress}' service/loadbalancer

# Wait for the secret "busybox1" to be created, with a timeout of 30s
kubectl create secret generic busybox1
kubectl wait --for=create secret/busybox1 --timeout=30s

# Wait for the pod "busybox1" to be deleted, with a timeout of 60s, after having issued the
> "delete" command
kubectl delete pod/busybox1
kubectl wait --for=delete pod/busybox1 --timeout=60s

# Wait for pod "busybox1" to be created AND reach the "Ready" status condition
kubectl wait --for=condition=Ready --for=create pod/busybox1

# Wait for pod "busybox1" to reach the "Ready" status OR for its containers to report a "False"
> readiness state
until kubectl wait pod/busybox1 --for=condition=Ready --timeout=1s 2>/dev/null || \\
kubectl wait pod/busybox1 --for=condition=ContainersReady=False --timeout=1s 2>/dev/null; \\
do echo "Checking conditions..."; sleep 1; done`,
  use: "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  flags: `
--all bool=false: Select all resources in the namespace of the specified resource types
*all-namespaces *allow-missing-template-keys *field-selector
-f, --filename stringSlice=[]: identifying the resource.
--for stringArray=[]: The condition to wait on:
> [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath
> expression}'=[JSONPath value]]. The default condition-value is true. Condition values are
> compared after Unicode simple case folding, which is a more general form of case-insensitivity.
> Multiple conditions are supported and AND'ed to each other in a sequential order. If
> --for=create is passed, it is always waited first.
*local *output
-R, --recursive bool=true: Process the directory used in -f, --filename recursively. Useful when
> you want to manage related manifests organized within the same directory.
-l, --selector string=: Selector (label query) to filter on, supports '=', '==', and '!='.(e.g. -l
> key1=value1,key2=value2)
*show-managed-fields *template
--timeout duration=30s: The length of time to wait before giving up. Zero means check once and
> don't wait, negative means wait for a week.
`,
};

export const LABEL: CommandSpec = {
  short: 'Update the labels on a resource',
  long: `Update the labels on a resource.

  *  A label key and value must begin with a letter or number, and may contain letters, numbers,
> hyphens, dots, and underscores, up to 63 characters each.
  *  Optionally, the key can begin with a DNS subdomain prefix and a single '/', like
> example.com/my-app.
  *  If --overwrite is true, then existing labels can be overwritten, otherwise attempting to
> overwrite a label will result in an error.
  *  If --resource-version is specified, then updates will use this resource version, otherwise
> the existing resource-version will be used.`,
  examples: `# Update pod 'foo' with the label 'unhealthy' and the value 'true'
kubectl label pods foo unhealthy=true

# Update pod 'foo' with the label 'status' and the value 'unhealthy', overwriting any existing
> value
kubectl label --overwrite pods foo status=unhealthy

# Update all pods in the namespace
kubectl label pods --all status=unhealthy

# Update a pod identified by the type and name in "pod.json"
kubectl label -f pod.json status=unhealthy

# Update pod 'foo' only if the resource is unchanged from version 1
kubectl label pods foo status=unhealthy --resource-version=1

# Update pod 'foo' by removing a label named 'bar' if it exists
# Does not require the --overwrite flag
kubectl label pods foo bar-`,
  use: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  hidden: '*record',
  flags: `
*all
-A, --all-namespaces bool=false: If true, check the specified action in all namespaces.
*allow-missing-template-keys *dry-run
--field-manager string=kubectl-label: Name of the manager used to track field ownership.
*field-selector
-f, --filename stringSlice=[]: Filename, directory, or URL to files identifying the resource to
> update the labels
*kustomize
--list bool=false: If true, display the labels for a given resource.
--local bool=false: If true, label will NOT contact api-server but run locally.
*output
--overwrite bool=false: If true, allow labels to be overwritten, otherwise reject label updates
> that overwrite existing labels.
*recursive
--resource-version string=: If non-empty, the labels update will only succeed if this is the
> current resource-version for the object. Only valid when specifying a single resource.
*selector *show-managed-fields *template
`,
};

export const ANNOTATE: CommandSpec = {
  short: 'Update the annotations on a resource',
  long: `Update the annotations on one or more resources.

 All Kubernetes objects support the ability to store additional data with the object as
> annotations. Annotations are key/value pairs that can be larger than labels and include
> arbitrary string values such as structured JSON. Tools and system extensions may use annotations
> to store their own data.

 Attempting to set an annotation that already exists will fail unless --overwrite is set. If
> --resource-version is specified and does not match the current resource version on the server
> the command will fail.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `# Update pod 'foo' with the annotation 'description' and the value 'my frontend'
# If the same annotation is set multiple times, only the last value will be applied
kubectl annotate pods foo description='my frontend'

# Update a pod identified by type and name in "pod.json"
kubectl annotate -f pod.json description='my frontend'

# Update pod 'foo' with the annotation 'description' and the value 'my frontend running nginx',
> overwriting any existing value
kubectl annotate --overwrite pods foo description='my frontend running nginx'

# Update all pods in the namespace
kubectl annotate pods --all description='my frontend running nginx'

# Update pod 'foo' only if the resource is unchanged from version 1
kubectl annotate pods foo description='my frontend running nginx' --resource-version=1

# Update pod 'foo' by removing an annotation named 'description' if it exists
# Does not require the --overwrite flag
kubectl annotate pods foo description-`,
  use: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  hidden: '*record',
  flags: `
--all bool=false: Select all resources, in the namespace of the specified resource types.
-A, --all-namespaces bool=false: If true, check the specified action in all namespaces.
*allow-missing-template-keys *dry-run
--field-manager string=kubectl-annotate: Name of the manager used to track field ownership.
*field-selector
-f, --filename stringSlice=[]: Filename, directory, or URL to files identifying the resource to
> update the annotation
*kustomize
--list bool=false: If true, display the annotations for a given resource.
*local *output
--overwrite bool=false: If true, allow annotations to be overwritten, otherwise reject annotation
> updates that overwrite existing annotations.
*recursive
--resource-version string=: If non-empty, the annotation update will only succeed if this is the
> current resource-version for the object. Only valid when specifying a single resource.
*selector *show-managed-fields *template
`,
};
