import type { CommandSpec } from './command-spec.ts';

export const LOGS: CommandSpec = {
  short: 'Print the logs for a container in a pod',
  long: `Print the logs for a container in a pod or specified resource. If the pod has only one container,
> the container name is optional.`,
  examples: `# Return snapshot logs from pod nginx with only one container
kubectl logs nginx

# Return snapshot logs from pod nginx, prefixing each line with the source pod and container name
kubectl logs nginx --prefix

# Return snapshot logs from pod nginx, limiting output to 500 bytes
kubectl logs nginx --limit-bytes=500

# Return snapshot logs from pod nginx, waiting up to 20 seconds for it to start running.
kubectl logs nginx --pod-running-timeout=20s

# Return snapshot logs from pod nginx with multi containers
kubectl logs nginx --all-containers=true

# Return snapshot logs from all pods in the deployment nginx
kubectl logs deployment/nginx --all-pods=true

# Return snapshot logs from all containers in pods defined by label app=nginx
kubectl logs -l app=nginx --all-containers=true

# Return snapshot logs from all pods defined by label app=nginx, limiting concurrent log requests
> to 10 pods
kubectl logs -l app=nginx --max-log-requests=10

# Return snapshot of previous terminated ruby container logs from pod web-1
kubectl logs -p -c ruby web-1

# Begin streaming the logs from pod nginx, continuing even if errors occur
kubectl logs nginx -f --ignore-errors=true

# Begin streaming the logs of the ruby container in pod web-1
kubectl logs -f -c ruby web-1

# Begin streaming the logs from all containers in pods defined by label app=nginx
kubectl logs -f -l app=nginx --all-containers=true

# Display only the most recent 20 lines of output in pod nginx
kubectl logs --tail=20 nginx

# Show all logs from pod nginx written in the last hour
kubectl logs --since=1h nginx

# Show all logs with timestamps from pod nginx starting from August 30, 2024, at 06:00:00 UTC
kubectl logs nginx --since-time=2024-08-30T06:00:00Z --timestamps=true

# Show logs from a kubelet with an expired serving certificate
kubectl logs --insecure-skip-tls-verify-backend nginx

# Return snapshot logs from first container of a job named hello
kubectl logs job/hello

# Return snapshot logs from container nginx-1 of a deployment named nginx
kubectl logs deployment/nginx -c nginx-1`,
  use: '[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  flags: `
--all-containers bool=false: Get all containers' logs in the pod(s).
--all-pods bool=false: Get logs from all pod(s). Sets prefix to true.
-c, --container string=: Print the logs of this container
-f, --follow bool=false: Specify if the logs should be streamed.
--ignore-errors bool=false: If watching / following pod logs, allow for any errors that occur to
> be non-fatal
--insecure-skip-tls-verify-backend bool=false: Skip verifying the identity of the kubelet that
> logs are requested from.  In theory, an attacker could provide invalid log content back. You
> might want to use this if your kubelet serving certificates have expired.
--limit-bytes int64=0: Maximum bytes of logs to return. Defaults to no limit.
--max-log-requests int=5: Specify maximum number of concurrent logs to follow when using by a
> selector. Defaults to 5.
--pod-running-timeout duration=20s: The length of time (like 5s, 2m, or 3h, higher than zero) to
> wait until at least one pod is running
--prefix bool=false: Prefix each log line with the log source (pod name and container name)
-p, --previous bool=false: If true, print the logs for the previous instance of the container in a
> pod if it exists.
*selector
--since duration=0s: Only return logs newer than a relative duration like 5s, 2m, or 3h. Defaults
> to all logs. Only one of since-time / since may be used.
--since-time string=: Only return logs after a specific date (RFC3339). Defaults to all logs. Only
> one of since-time / since may be used.
--tail int64=-1: Lines of recent log file to display. Defaults to -1 with no selector, showing all
> log lines otherwise 10, if a selector is provided.
--timestamps bool=false: Include timestamps on each line in the log output
`,
};

export const ATTACH: CommandSpec = {
  short: 'Attach to a running container',
  long: `Attach to a process that is already running inside an existing container.`,
  examples: `# Get output from running pod mypod; use the 'kubectl.kubernetes.io/default-container' annotation
# for selecting the container to be attached or the first container in the pod will be chosen
kubectl attach mypod

# Get output from ruby-container from pod mypod
kubectl attach mypod -c ruby-container

# Switch to raw terminal mode; sends stdin to 'bash' in ruby-container from pod mypod
# and sends stdout/stderr from 'bash' back to the client
kubectl attach mypod -c ruby-container -i -t

# Get output from the first pod of a replica set named nginx
kubectl attach rs/nginx`,
  use: '(POD | TYPE/NAME) -c CONTAINER',
  flags: `
*container
--detach-keys string=ctrl-p,ctrl-q: Override the key sequence for detaching a container
*pod-running-timeout
-q, --quiet bool=false: Only print output from the remote session
-i, --stdin bool=false: Pass stdin to the container
-t, --tty bool=false: Stdin is a TTY
`,
};

export const EXEC: CommandSpec = {
  short: 'Execute a command in a container',
  long: 'Execute a command in a container.',
  examples: `# Get output from running the 'date' command from pod mypod, using the first container by default
kubectl exec mypod -- date

# Get output from running the 'date' command in ruby-container from pod mypod
kubectl exec mypod -c ruby-container -- date

# Switch to raw terminal mode; sends stdin to 'bash' in ruby-container from pod mypod
# and sends stdout/stderr from 'bash' back to the client
kubectl exec mypod -c ruby-container -i -t -- bash -il

# List contents of /usr from the first container of pod mypod and sort by modification time
# If the command you want to execute in the pod has any flags in common (e.g. -i),
# you must use two dashes (--) to separate your command's flags/arguments
# Also note, do not surround your command and its flags/arguments with quotes
# unless that is how you would execute it normally (i.e., do ls -t /usr, not "ls -t /usr")
kubectl exec mypod -i -t -- ls -t /usr

# Get output from running 'date' command from the first pod of the deployment mydeployment, using
> the first container by default
kubectl exec deploy/mydeployment -- date

# Get output from running 'date' command from the first pod of the service myservice, using the
> first container by default
kubectl exec svc/myservice -- date`,
  use: '(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  flags: `
*container
-f, --filename stringSlice=[]: to use to exec into the resource
*pod-running-timeout
-q, --quiet bool=false: Only print output from the remote session
-i, --stdin bool=false: Pass stdin to the container
-t, --tty bool=false: Stdin is a TTY
`,
};

export const PORT_FORWARD: CommandSpec = {
  short: 'Forward one or more local ports to a pod',
  long: `Forward one or more local ports to a pod.

 Use resource type/name such as deployment/mydeployment to select a pod. Resource type defaults to
> 'pod' if omitted.

 If there are multiple pods matching the criteria, a pod will be selected automatically. The
> forwarding session ends when the selected pod terminates, and a rerun of the command is needed
> to resume forwarding.`,
  examples: `# Listen on ports 5000 and 6000 locally, forwarding data to/from ports 5000 and 6000 in the pod
kubectl port-forward pod/mypod 5000 6000

# Listen on ports 5000 and 6000 locally, forwarding data to/from ports 5000 and 6000 in a pod
> selected by the deployment
kubectl port-forward deployment/mydeployment 5000 6000

# Listen on port 8443 locally, forwarding to the targetPort of the service's port named "https" in
> a pod selected by the service
kubectl port-forward service/myservice 8443:https

# Listen on port 8888 locally, forwarding to 5000 in the pod
kubectl port-forward pod/mypod 8888:5000

# Listen on port 8888 on all addresses, forwarding to 5000 in the pod
kubectl port-forward --address 0.0.0.0 pod/mypod 8888:5000

# Listen on port 8888 on localhost and selected IP, forwarding to 5000 in the pod
kubectl port-forward --address localhost,10.19.21.23 pod/mypod 8888:5000

# Listen on a random port locally, forwarding to 5000 in the pod
kubectl port-forward pod/mypod :5000`,
  use: 'TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  flags: `
--address stringSlice=[localhost]: Addresses to listen on (comma separated). Only accepts IP
> addresses or localhost as a value. When localhost is supplied, kubectl will try to bind on both
> 127.0.0.1 and ::1 and will fail if neither of these addresses are available to bind.
*pod-running-timeout
`,
};

export const CP: CommandSpec = {
  short: 'Copy files and directories to and from containers',
  long: 'Copy files and directories to and from containers.',
  examples: `# !!!Important Note!!!
# Requires that the 'tar' binary is present in your container
# image.  If 'tar' is not present, 'kubectl cp' will fail.
#
# For advanced use cases, such as symlinks, wildcard expansion or
# file mode preservation, consider using 'kubectl exec'.

# Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>
tar cf - /tmp/foo | kubectl exec -i -n <some-namespace> <some-pod> -- tar xf - -C /tmp/bar

# Copy /tmp/foo from a remote pod to /tmp/bar locally
kubectl exec -n <some-namespace> <some-pod> -- tar cf - /tmp/foo | tar xf - -C /tmp/bar

# Copy /tmp/foo_dir local directory to /tmp/bar_dir in a remote pod in the default namespace
kubectl cp /tmp/foo_dir <some-pod>:/tmp/bar_dir

# Copy /tmp/foo local file to /tmp/bar in a remote pod in a specific container
kubectl cp /tmp/foo <some-pod>:/tmp/bar -c <specific-container>

# Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>
kubectl cp /tmp/foo <some-namespace>/<some-pod>:/tmp/bar

# Copy /tmp/foo from a remote pod to /tmp/bar locally
kubectl cp <some-namespace>/<some-pod>:/tmp/foo /tmp/bar`,
  use: '<file-spec-src> <file-spec-dest>',
  flags: `
*container
--no-preserve bool=false: The copied file/directory's ownership and permissions will not be
> preserved in the container
--retries int=0: Set number of retries to complete a copy operation from a container. Specify 0 to
> disable or any negative value for infinite retrying. The default is 0 (no retry).
`,
};

export const DEBUG: CommandSpec = {
  short: 'Create debugging sessions for troubleshooting workloads and nodes',
  long: `Debug cluster resources using interactive debugging containers.

 'debug' provides automation for common debugging tasks for cluster objects identified by resource
> and name. Pods will be used by default if no resource is specified.

 The action taken by 'debug' varies depending on what resource is specified. Supported actions
> include:

  *  Workload: Create a copy of an existing pod with certain attributes changed, for example
> changing the image tag to a new version.
  *  Workload: Add an ephemeral container to an already running pod, for example to add debugging
> utilities without restarting the pod.
  *  Node: Create a new pod that runs in the node's host namespaces and can access the node's
> filesystem.

 Note: When a non-root user is configured for the entire target Pod, some capabilities granted by
> debug profile may not work.`,
  use: '(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  flags: `
--arguments-only bool=false: If specified, everything after -- will be passed to the new container
> as Args instead of Command.
--attach bool=false: If true, wait for the container to start running, and then attach as if
> 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the
> default is true.
-c, --container string=: Container name to use for debug container.
--copy-to string=: Create a copy of the target Pod with this name.
--custom string=: Path to a JSON or YAML file containing a partial container spec to customize
> built-in debug profiles.
--env stringToString=[]: Environment variables to set in the container.
-f, --filename stringSlice=[]: identifying the resource to debug
--image string=: Container image to use for debug container.
--image-pull-policy string=: The image pull policy for the container. If left empty, this value
> will not be specified by the client and defaulted by the server.
--keep-annotations bool=false: If true, keep the original pod annotations.(This flag only works
> when used with '--copy-to')
--keep-init-containers bool=true: Run the init containers for the pod. Defaults to true.(This flag
> only works when used with '--copy-to')
--keep-labels bool=false: If true, keep the original pod labels.(This flag only works when used
> with '--copy-to')
--keep-liveness bool=false: If true, keep the original pod liveness probes.(This flag only works
> when used with '--copy-to')
--keep-readiness bool=false: If true, keep the original pod readiness probes.(This flag only works
> when used with '--copy-to')
--keep-startup bool=false: If true, keep the original startup probes.(This flag only works when
> used with '--copy-to')
--profile string=general: Options are "general", "baseline", "restricted", "netadmin" or
> "sysadmin". Defaults to "general"
-q, --quiet bool=false: If true, suppress informational messages.
--replace bool=false: When used with '--copy-to', delete the original Pod.
--same-node bool=false: When used with '--copy-to', schedule the copy of target Pod on the same
> node.
--set-image stringToString=[]: When used with '--copy-to', a list of name=image pairs for changing
> container images, similar to how 'kubectl set image' works.
--share-processes bool=true: When used with '--copy-to', enable process namespace sharing in the
> copy.
-i, --stdin bool=false: Keep stdin open on the container(s) in the pod, even if nothing is
> attached.
--target string=: When using an ephemeral container, target processes in this container name.
-t, --tty bool=false: Allocate a TTY for the debugging container.
`,
};
