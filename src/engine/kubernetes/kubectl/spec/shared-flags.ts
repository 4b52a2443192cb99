/** Flags that several commands have, with the same words; `*name` in a command's block. */
export const SHARED_FLAGS = `
--all bool=false: Select all resources, in the namespace of the specified resource types
-A, --all-namespaces bool=false: If present, list the requested object(s) across all namespaces.
> Namespace in current context is ignored even if specified with --namespace.
--allow-missing-template-keys bool=true: If true, ignore any errors in templates when a field or
> map key is missing in the template. Only applies to golang and jsonpath output formats.
--append-hash bool=false: Append a hash of the secret to its name.
--cascade string=background: Must be "background", "orphan", or "foreground". Selects the deletion
> cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults
> to background.
--chunk-size int64=500: Return large lists in chunks rather than all at once. Pass 0 to disable.
> This flag is beta and may change in the future.
-c, --container string=: Container name. If omitted, use the
> kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or
> the first container in the pod will be chosen
--dry-run string=none: Must be "none", "server", or "client". If client strategy, only print the
> object that would be sent, without sending it. If server strategy, submit server-side request
> without persisting the resource.
--field-manager string=kubectl-create: Name of the manager used to track field ownership.
--field-selector string=: Selector (field query) to filter on, supports '=', '==', and '!='.(e.g.
> --field-selector key1=value1,key2=value2). The server only supports a limited number of field
> queries per type.
-f, --filename stringSlice=[]: Filename, directory, or URL to files identifying the resource to
> get from a server.
--force bool=false: If true, immediately remove resources from API and bypass graceful deletion.
> Note that immediate deletion of some resources may result in inconsistency or data loss and
> requires confirmation.
--grace-period int=-1: Period of time in seconds given to the resource to terminate gracefully.
> Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true
> (force deletion).
-k, --kustomize string=: Process the kustomization directory. This flag can't be used together
> with -f or -R.
--local bool=false: If true, annotation will NOT contact api-server but run locally.
--no-headers bool=false: When using the default or custom-column output format, don't print
> headers (default print headers).
-o, --output string=: Output format. One of: (json, yaml, kyaml, name, go-template,
> go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file).
--pod-running-timeout duration=1m0s: The length of time (like 5s, 2m, or 3h, higher than zero) to
> wait until at least one pod is running
--record bool=false: !--record will be removed in the future
-R, --recursive bool=false: Process the directory used in -f, --filename recursively. Useful when
> you want to manage related manifests organized within the same directory.
--save-config bool=false: If true, the configuration of current object will be saved in its
> annotation. Otherwise, the annotation will be unchanged. This flag is useful when you want to
> perform kubectl apply on this object in the future.
-l, --selector string=: Selector (label query) to filter on, supports '=', '==', '!=', 'in',
> 'notin'.(e.g. -l key1=value1,key2=value2,key3 in (value3)). Matching objects must satisfy all of
> the specified label constraints.
--show-managed-fields bool=false: If true, keep the managedFields when printing objects in JSON or
> YAML format.
--tcp stringSlice=[]: Port pairs can be specified as '<port>:<targetPort>'.
--template string=: Template string or path to template file to use when -o=go-template,
> -o=go-template-file. The template format is golang templates
> [http://golang.org/pkg/text/template/#pkg-overview].
--timeout duration=0s: The length of time to wait before giving up on a delete, zero means
> determine a timeout from the size of the object
--validate string=strict: Must be one of: strict (or true), warn, ignore (or false). "true" or
> "strict" will use a schema to validate the input and fail the request if invalid. It will
> perform server side validation if ServerSideFieldValidation is enabled on the api-server, but
> will fall back to less reliable client-side validation if not. "warn" will warn about unknown or
> duplicate fields without blocking the request if server-side field validation is enabled on the
> API server, and behave as "ignore" otherwise. "false" or "ignore" will not perform any schema
> validation, silently dropping any unknown or duplicate fields.
--wait bool=false: If true, wait for resources to be gone before returning. This waits for
> finalizers.
`;
