import type { CommandSpec } from './command-spec.ts';

export const GET: CommandSpec = {
  short: 'Display one or many resources',
  long: `Display one or many resources.

 Prints a table of the most important information about the specified resources. You can filter
> the list using a label selector and the --selector flag. If the desired resource type is
> namespaced you will only see results in the current namespace if you don't specify any
> namespace.

 By specifying the output as 'template' and providing a Go template as the value of the --template
> flag, you can filter the attributes of the fetched resources.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `# List all pods in ps output format
kubectl get pods

# List all pods in ps output format with more information (such as node name)
kubectl get pods -o wide

# List a single replication controller with specified NAME in ps output format
kubectl get replicationcontroller web

# List deployments in JSON output format, in the "v1" version of the "apps" API group
kubectl get deployments.v1.apps -o json

# List a single pod in JSON output format
kubectl get -o json pod web-pod-13je7

# List a pod identified by type and name specified in "pod.yaml" in JSON output format
kubectl get -f pod.yaml -o json

# List resources from a directory with kustomization.yaml - e.g. dir/kustomization.yaml
kubectl get -k dir/

# Return only the phase value of the specified pod
kubectl get -o template pod/web-pod-13je7 --template={{.status.phase}}

# List resource information in custom columns
kubectl get pod test-pod -o
> custom-columns=CONTAINER:.spec.containers[0].name,IMAGE:.spec.containers[0].image

# List all replication controllers and services together in ps output format
kubectl get rc,services

# List one or more resources by their type and names
kubectl get rc/web service/frontend pods/web-pod-13je7

# List the 'status' subresource for a single pod
kubectl get pod web-pod-13je7 --subresource status

# List all deployments in namespace 'backend'
kubectl get deployments.apps --namespace backend

# List all pods existing in all namespaces
kubectl get pods --all-namespaces`,
  use: '[(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  flags: `
*all-namespaces *allow-missing-template-keys *chunk-size *field-selector *filename
--ignore-not-found bool=false: If set to true, suppresses NotFound error for specific objects that
> do not exist. Using this flag with commands that query for collections of resources has no
> effect when no resources are found.
*kustomize
-L, --label-columns stringSlice=[]: Accepts a comma separated list of labels that are going to be
> presented as columns. Names are case-sensitive. You can also use multiple flag options like -L
> label1 -L label2...
*no-headers
-o, --output string=: Output format. One of: (json, yaml, kyaml, name, go-template,
> go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file,
> custom-columns, custom-columns-file, wide). See custom columns
> [https://kubernetes.io/docs/reference/kubectl/#custom-columns], golang template
> [http://golang.org/pkg/text/template/#pkg-overview] and jsonpath template
> [https://kubernetes.io/docs/reference/kubectl/jsonpath/].
--output-watch-events bool=false: Output watch event objects when --watch or --watch-only is used.
> Existing objects are output as initial ADDED events.
--raw string=: Raw URI to request from the server.  Uses the transport specified by the kubeconfig
> file.
*recursive *selector
--server-print bool=true: If true, have the server return the appropriate table output. Supports
> extension APIs and CRDs.
--show-kind bool=false: If present, list the resource type for the requested object(s).
--show-labels bool=false: When printing, show all labels as the last column (default hide labels
> column)
*show-managed-fields
--sort-by string=: If non-empty, sort list types using this field specification.  The field
> specification is expressed as a JSONPath expression (e.g. '{.metadata.name}'). The field in the
> API resource specified by this JSONPath expression must be an integer or a string.
--subresource string=: If specified, gets the subresource of the requested object.
*template
-w, --watch bool=false: After listing/getting the requested object, watch for changes.
--watch-only bool=false: Watch for changes to the requested object(s), without listing/getting
> first.
`,
  suggestFor: ['list', 'ls'],
};

export const DESCRIBE: CommandSpec = {
  short: 'Show details of a specific resource or group of resources',
  long: `Show details of a specific resource or group of resources.

 Print a detailed description of the selected resources, including related resources such as
> events or controllers. You may select a single object by name, all objects of that type, provide
> a name prefix, or label selector. For example:

        $ kubectl describe TYPE NAME_PREFIX
        
 will first check for an exact match on TYPE and NAME_PREFIX. If no such resource exists, it will
> output details for every resource that has a name prefixed with NAME_PREFIX.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `# Describe a node
kubectl describe nodes kubernetes-node-emt8.c.myproject.internal

# Describe a pod
kubectl describe pods/nginx

# Describe a pod identified by type and name in "pod.json"
kubectl describe -f pod.json

# Describe all pods
kubectl describe pods

# Describe pods by label name=myLabel
kubectl describe pods -l name=myLabel

# Describe all pods managed by the 'frontend' replication controller
# (rc-created pods get the name of the rc as a prefix in the pod name)
kubectl describe pods frontend`,
  use: '(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  flags: `
*all-namespaces *chunk-size
-f, --filename stringSlice=[]: Filename, directory, or URL to files containing the resource to
> describe
*kustomize *recursive *selector
--show-events bool=true: If true, display events related to the described object. Defaults to true
> for a single object, false for multiple objects and prefix matching.
`,
  suggestFor: ['inspect'],
};

export const EXPLAIN: CommandSpec = {
  short: 'Get documentation for a resource',
  long: `Describe fields and structure of various resources.

 This command describes the fields associated with each supported API resource. Fields are
> identified via a simple JSONPath identifier:

        <type>.<fieldName>[.<fieldName>]
        
 Information about each field is retrieved from the server in OpenAPI format.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `# Get the documentation of the resource and its fields
kubectl explain pods

# Get all the fields in the resource
kubectl explain pods --recursive

# Get the explanation for deployment in supported api versions
kubectl explain deployments --api-version=apps/v1

# Get the documentation of a specific field of a resource
kubectl explain pods.spec.containers

# Get the documentation of resources in different format
kubectl explain deployment --output=plaintext-openapiv2`,
  use: 'TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  flags: `
--api-version string=: Get different explanations for particular API version (API group/version)
-o, --output string=plaintext: Format in which to render the schema (plaintext,
> plaintext-openapiv2)
-R, --recursive bool=false: Print the fields of fields (Currently only 1 level deep)
`,
};

export const EVENTS: CommandSpec = {
  short: 'List events',
  long: `Display events.

 Prints a table of the most important information about events. You can request events for a
> namespace, for all namespace, or filtered to only those pertaining to a specified resource.`,
  examples: `# List recent events in the default namespace
kubectl events

# List recent events in all namespaces
kubectl events --all-namespaces

# List recent events for the specified pod, then wait for more events and list them as they arrive
kubectl events --for pod/web-pod-13je7 --watch

# List recent events in YAML format
kubectl events -oyaml

# List recent only events of type 'Warning' or 'Normal'
kubectl events --types=Warning,Normal`,
  use: '[(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  flags: `
*all-namespaces *allow-missing-template-keys *chunk-size
--for string=: Filter events to only those pertaining to the specified resource.
--no-headers bool=false: When using the default output format, don't print headers.
*output *show-managed-fields *template
--types stringSlice=[]: Output only events of given types.
-w, --watch bool=false: After listing the requested events, watch for more events.
`,
};
