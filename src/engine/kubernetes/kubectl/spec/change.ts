import type { CommandSpec } from './command-spec.ts';

export const EDIT: CommandSpec = {
  short: 'Edit a resource on the server',
  long: `Edit a resource from the default editor.

 The edit command allows you to directly edit any API resource you can retrieve via the
> command-line tools. It will open the editor defined by your KUBE_EDITOR, or EDITOR environment
> variables, or fall back to 'vi' for Linux or 'notepad' for Windows. When attempting to open the
> editor, it will first attempt to use the shell that has been defined in the 'SHELL' environment
> variable. If this is not defined, the default shell will be used, which is '/bin/bash' for Linux
> or 'cmd' for Windows.

 You can edit multiple objects, although changes are applied one at a time. The command accepts
> file names as well as command-line arguments, although the files you point to must be previously
> saved versions of resources.

 Editing is done with the API version used to fetch the resource. To edit using a specific API
> version, fully-qualify the resource, version, and group.

 The default format is YAML. To edit in JSON, specify "-o json".

 The flag --windows-line-endings can be used to force Windows line endings, otherwise the default
> for your operating system will be used.

 In the event an error occurs while updating, a temporary file will be created on disk that
> contains your unapplied changes. The most common error when updating a resource is another
> editor changing the resource on the server. When this occurs, you will have to apply your
> changes to the newer version of the resource, or update your temporary saved copy to include the
> latest resource version.`,
  examples: `# Edit the service named 'registry'
kubectl edit svc/registry

# Use an alternative editor
KUBE_EDITOR="nano" kubectl edit svc/registry

# Edit the job 'myjob' in JSON using the v1 API format
kubectl edit job.v1.batch/myjob -o json

# Edit the deployment 'mydeployment' in YAML and save the modified config in its annotation
kubectl edit deployment/mydeployment -o yaml --save-config

# Edit the 'status' subresource for the 'mydeployment' deployment
kubectl edit deployment mydeployment --subresource='status'`,
  use: '(RESOURCE/NAME | -f FILENAME)',
  hidden: '*record',
  flags: `
*allow-missing-template-keys
--field-manager string=kubectl-edit: Name of the manager used to track field ownership.
-f, --filename stringSlice=[]: Filename, directory, or URL to files to use to edit the resource
*kustomize *output
--output-patch bool=false: Output the patch if the resource is edited.
*recursive *save-config *show-managed-fields
--subresource string=: If specified, edit will operate on the subresource of the requested object.
*template *validate
--windows-line-endings bool=false: Defaults to the line ending native to your platform.
`,
};

export const DELETE: CommandSpec = {
  short:
    'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  long: `Delete resources by file names, stdin, resources and names, or by resources and label selector.

 JSON and YAML formats are accepted. Only one type of argument may be specified: file names,
> resources and names, or resources and label selector.

 Some resources, such as pods, support graceful deletion. These resources define a default period
> before they are forcibly terminated (the grace period) but you may override that value with the
> --grace-period flag, or pass --now to set a grace-period of 1. Because these resources often
> represent entities in the cluster, deletion may not be acknowledged immediately. If the node
> hosting a pod is down or cannot reach the API server, termination may take significantly longer
> than the grace period. To force delete a resource, you must specify the --force flag. Note: only
> a subset of resources support graceful deletion. In absence of the support, the --grace-period
> flag is ignored.

 IMPORTANT: Force deleting pods does not wait for confirmation that the pod's processes have been
> terminated, which can leave those processes running until the node detects the deletion and
> completes graceful deletion. If your processes use shared storage or talk to a remote API and
> depend on the name of the pod to identify themselves, force deleting those pods may result in
> multiple processes running on different machines using the same identification which may lead to
> data corruption or inconsistency. Only force delete pods when you are sure the pod is
> terminated, or if your application can tolerate multiple copies of the same pod running at once.
> Also, if you force delete pods, the scheduler may place new pods on those nodes before the node
> has released those resources and causing those pods to be evicted immediately.

 Note that the delete command does NOT do resource version checks, so if someone submits an update
> to a resource right when you submit a delete, their update will be lost along with the rest of
> the resource.

 After a CustomResourceDefinition is deleted, invalidation of discovery cache may take up to 6
> hours. If you don't want to wait, you might want to run "kubectl api-resources" to refresh the
> discovery cache.`,
  examples: `# Delete a pod using the type and name specified in pod.json
kubectl delete -f ./pod.json

# Delete resources from a directory containing kustomization.yaml - e.g. dir/kustomization.yaml
kubectl delete -k dir

# Delete resources from all files that end with '.json'
kubectl delete -f '*.json'

# Delete a pod based on the type and name in the JSON passed into stdin
cat pod.json | kubectl delete -f -

# Delete pods and services with same names "baz" and "foo"
kubectl delete pod,service baz foo

# Delete pods and services with label name=myLabel
kubectl delete pods,services -l name=myLabel

# Delete a pod with minimal delay
kubectl delete pod foo --now

# Force delete a pod on a dead node
kubectl delete pod foo --force

# Delete all pods
kubectl delete pods --all

# Delete all pods only if the user confirms the deletion
kubectl delete pods --all --interactive`,
  use: '([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  flags: `
--all bool=false: Delete all resources, in the namespace of the specified resource types.
*all-namespaces *cascade *dry-run *field-selector
-f, --filename stringSlice=[]: containing the resource to delete.
*force *grace-period
--ignore-not-found bool=false: Treat "resource not found" as a successful delete. Defaults to
> "true" when --all is specified.
-i, --interactive bool=false: If true, delete resource only when user confirms.
-k, --kustomize string=: Process a kustomization directory. This flag can't be used together with
> -f or -R.
--now bool=false: If true, resources are signaled for immediate shutdown (same as
> --grace-period=1).
-o, --output string=: Output mode. Use "-o name" for shorter output (resource/name).
--raw string=: Raw URI to DELETE to the server.  Uses the transport specified by the kubeconfig
> file.
*recursive *selector *timeout
--wait bool=true: If true, wait for resources to be gone before returning. This waits for
> finalizers.
`,
  suggestFor: ['rm', 'remove'],
};

export const PATCH: CommandSpec = {
  short: 'Update fields of a resource',
  long: `Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.

 JSON and YAML formats are accepted.

 Note: Strategic merge patch is not supported for custom resources.`,
  examples: `# Partially update a node using a strategic merge patch, specifying the patch as JSON
kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'

# Partially update a node using a strategic merge patch, specifying the patch as YAML
kubectl patch node k8s-node-1 -p $'spec:\\n unschedulable: true'

# Partially update a node identified by the type and name specified in "node.json" using strategic
> merge patch
kubectl patch -f node.json -p '{"spec":{"unschedulable":true}}'

# Update a container's image; spec.containers[*].name is required because it's a merge key
kubectl patch pod valid-pod -p
> '{"spec":{"containers":[{"name":"kubernetes-serve-hostname","image":"new image"}]}}'

# Update a container's image using a JSON patch with positional arrays
kubectl patch pod valid-pod --type='json' -p='[{"op": "replace", "path":
> "/spec/containers/0/image", "value":"new image"}]'

# Update a deployment's replicas through the 'scale' subresource using a merge patch
kubectl patch deployment nginx-deployment --subresource='scale' --type='merge' -p
> '{"spec":{"replicas":2}}'`,
  use: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  hidden: '*record',
  flags: `
*allow-missing-template-keys *dry-run
--field-manager string=kubectl-patch: Name of the manager used to track field ownership.
-f, --filename stringSlice=[]: Filename, directory, or URL to files identifying the resource to
> update
*kustomize
--local bool=false: If true, patch will operate on the content of the file, not the server-side
> resource.
*output
-p, --patch string=: The patch to be applied to the resource JSON file.
--patch-file string=: A file containing a patch to be applied to the resource.
*recursive *show-managed-fields
--subresource string=: If specified, patch will operate on the subresource of the requested
> object.
*template
--type string=strategic: The type of patch being provided; one of [json merge strategic]
`,
};

export const REPLACE: CommandSpec = {
  short: 'Replace a resource by file name or stdin',
  long: `Replace a resource by file name or stdin.

 JSON and YAML formats are accepted. If replacing an existing resource, the complete resource spec
> must be provided. This can be obtained by

        $ kubectl get TYPE NAME -o yaml`,
  examples: `# Replace a pod using the data in pod.json
kubectl replace -f ./pod.json

# Replace a pod based on the JSON passed into stdin
cat pod.json | kubectl replace -f -

# Update a single-container pod's image version (tag) to v4
kubectl get pod mypod -o yaml | sed 's/\\(image: myimage\\):.*$/\\1:v4/' | kubectl replace -f -

# Force replace, delete and then re-create the resource
kubectl replace --force -f ./pod.json`,
  use: '-f FILENAME',
  flags: `
*allow-missing-template-keys *cascade *dry-run
--field-manager string=kubectl-replace: Name of the manager used to track field ownership.
-f, --filename stringSlice=[]: The files that contain the configurations to replace.
*force *grace-period
-k, --kustomize string=: Process a kustomization directory. This flag can't be used together with
> -f or -R.
*output
--raw string=: Raw URI to PUT to the server.  Uses the transport specified by the kubeconfig file.
*recursive *save-config *show-managed-fields
--subresource string=: If specified, replace will operate on the subresource of the requested
> object.
*template *timeout *validate *wait
`,
};
