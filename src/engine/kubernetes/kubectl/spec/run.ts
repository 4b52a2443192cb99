import type { CommandSpec } from './command-spec.ts';

export const RUN: CommandSpec = {
  short: 'Run a particular image on the cluster',
  long: `Create and run a particular image in a pod.`,
  examples: `# Start a nginx pod
kubectl run nginx --image=nginx

# Start a hazelcast pod and let the container expose port 5701
kubectl run hazelcast --image=hazelcast/hazelcast --port=5701

# Start a hazelcast pod and set environment variables "DNS_DOMAIN=cluster" and
> "POD_NAMESPACE=default" in the container
kubectl run hazelcast --image=hazelcast/hazelcast --env="DNS_DOMAIN=cluster"
> --env="POD_NAMESPACE=default"

# Start a hazelcast pod and set labels "app=hazelcast" and "env=prod" in the container
kubectl run hazelcast --image=hazelcast/hazelcast --labels="app=hazelcast,env=prod"

# Dry run; print the corresponding API objects without creating them
kubectl run nginx --image=nginx --dry-run=client

# Start a nginx pod, but overload the spec with a partial set of values parsed from JSON
kubectl run nginx --image=nginx --overrides='{ "apiVersion": "v1", "spec": { ... } }'

# Start a busybox pod and keep it in the foreground, don't restart it if it exits
kubectl run -i -t busybox --image=busybox --restart=Never

# Start the nginx pod using the default command, but use custom arguments (arg1 .. argN) for that
> command
kubectl run nginx --image=nginx -- <arg1> <arg2> ... <argN>

# Start the nginx pod using a different command and custom arguments
kubectl run nginx --image=nginx --command -- <cmd> <arg1> ... <argN>`,
  use: 'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  hidden: '*record',
  flags: `
*allow-missing-template-keys
--annotations stringArray=[]: Annotations to apply to the pod.
--attach bool=false: If true, wait for the Pod to start running, and then attach to the Pod as if
> 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the
> default is true. With '--restart=Never' the exit code of the container process is returned.
*cascade
--command bool=false: If true and extra arguments are present, use them as the 'command' field in
> the container, rather than the 'args' field which is the default.
--detach-keys string=ctrl-p,ctrl-q: Override the key sequence for detaching a container.
*dry-run
--env stringArray=[]: Environment variables to set in the container.
--expose bool=false: If true, create a ClusterIP service associated with the pod.  Requires
> \`--port\`.
--field-manager string=kubectl-run: Name of the manager used to track field ownership.
-f, --filename stringSlice=[]: to use to replace the resource.
*force *grace-period
--image string=: The image for the container to run.
--image-pull-policy string=: The image pull policy for the container.  If left empty, this value
> will not be specified by the client and defaulted by the server.
-k, --kustomize string=: Process a kustomization directory. This flag can't be used together with
> -f or -R.
-l, --labels string=: Comma separated labels to apply to the pod. Will override previous values.
--leave-stdin-open bool=false: If the pod is started in interactive mode or with stdin, leave
> stdin open after the first attach completes. By default, stdin will be closed after the first
> attach completes.
*output
--override-type string=merge: The method used to override the generated object: json, merge, or
> strategic.
--overrides string=: An inline JSON override for the generated object. If this is non-empty, it is
> used to override the generated object. Requires that the object supply a valid apiVersion field.
*pod-running-timeout
--port string=: The port that this container exposes.
--privileged bool=false: If true, run the container in privileged mode.
-q, --quiet bool=false: If true, suppress prompt messages.
*recursive
--restart string=Always: The restart policy for this Pod.  Legal values [Always, OnFailure,
> Never].
--rm bool=false: If true, delete the pod after it exits.  Only valid when attaching to the
> container, e.g. with '--attach' or with '-i/--stdin'.
*save-config *show-managed-fields
-i, --stdin bool=false: Keep stdin open on the container in the pod, even if nothing is attached.
*template *timeout
-t, --tty bool=false: Allocate a TTY for the container in the pod.
*wait
`,
  required: ['image'],
};

export const EXPOSE: CommandSpec = {
  short:
    'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  long: `Expose a resource as a new Kubernetes service.

 Looks up a deployment, service, replica set, replication controller or pod by name and uses the
> selector for that resource as the selector for a new service on the specified port. A deployment
> or replica set will be exposed as a service only if its selector is convertible to a selector
> that service supports, i.e. when the selector contains only the matchLabels component. Note that
> if no port is specified via --port and the exposed resource has multiple ports, all will be
> re-used by the new service. Also if no labels are specified, the new service will re-use the
> labels from the resource it exposes.

 Possible resources include (case insensitive):

 pod (po), service (svc), replicationcontroller (rc), deployment (deploy), replicaset (rs)`,
  examples: `# Create a service for a replicated nginx, which serves on port 80 and connects to the containers
> on port 8000
kubectl expose rc nginx --port=80 --target-port=8000

# Create a service for a replication controller identified by type and name specified in
> "nginx-controller.yaml", which serves on port 80 and connects to the containers on port 8000
kubectl expose -f nginx-controller.yaml --port=80 --target-port=8000

# Create a service for a pod valid-pod, which serves on port 444 with the name "frontend"
kubectl expose pod valid-pod --port=444 --name=frontend

# Create a second service based on the above service, exposing the container port 8443 as port 443
> with the name "nginx-https"
kubectl expose service nginx --port=443 --target-port=8443 --name=nginx-https

# Create a service for a replicated streaming application on port 4100 balancing UDP traffic and
> named 'video-stream'.
kubectl expose rc streamer --port=4100 --protocol=UDP --name=video-stream

# Create a service for a replicated nginx using replica set, which serves on port 80 and connects
> to the containers on port 8000
kubectl expose rs nginx --port=80 --target-port=8000

# Create a service for an nginx deployment, which serves on port 80 and connects to the containers
> on port 8000
kubectl expose deployment nginx --port=80 --target-port=8000`,
  use: '(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  hidden: '*record',
  flags: `
*allow-missing-template-keys
--cluster-ip string=: ClusterIP to be assigned to the service. Leave empty to auto-allocate, or
> set to 'None' to create a headless service.
*dry-run
--external-ip string=: Additional external IP address (not managed by Kubernetes) to accept for
> the service. If this IP is routed to a node, the service can be accessed by this IP in addition
> to its generated service IP.
--field-manager string=kubectl-expose: Name of the manager used to track field ownership.
-f, --filename stringSlice=[]: Filename, directory, or URL to files identifying the resource to
> expose a service
*kustomize
-l, --labels string=: Labels to apply to the service created by this call.
--load-balancer-ip string=: IP to assign to the LoadBalancer. If empty, an ephemeral IP will be
> created and used (cloud-provider specific).
--name string=: The name for the newly created object.
*output
--override-type string=merge: The method used to override the generated object: json, merge, or
> strategic.
--overrides string=: An inline JSON override for the generated object. If this is non-empty, it is
> used to override the generated object. Requires that the object supply a valid apiVersion field.
--port string=: The port that the service should serve on. Copied from the resource being exposed,
> if unspecified
--protocol string=: The network protocol for the service to be created. Default is 'TCP'.
*recursive *save-config
--selector string=: A label selector to use for this service. Only equality-based selector
> requirements are supported. If empty (the default) infer the selector from the resource being
> exposed.)
--session-affinity string=: If non-empty, set the session affinity for the service to this; legal
> values: 'None', 'ClientIP'
*show-managed-fields
--target-port string=: Name or number for the port on the container that the service should direct
> traffic to. Optional.
*template
--type string=: Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default
> is 'ClusterIP'.
`,
};
