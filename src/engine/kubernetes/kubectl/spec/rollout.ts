import type { CommandSpec } from './command-spec.ts';

export const ROLLOUT: CommandSpec = {
  short: 'Manage the rollout of a resource',
  long: `Manage the rollout of one or many resources.
        
 Valid resource types include:

  *  deployments
  *  daemonsets
  *  statefulsets`,
  examples: `# Rollback to the previous deployment
kubectl rollout undo deployment/abc

# Check the rollout status of a daemonset
kubectl rollout status daemonset/foo

# Restart a deployment
kubectl rollout restart deployment/abc

# Restart deployments with the 'app=nginx' label
kubectl rollout restart deployment --selector=app=nginx`,
  use: 'SUBCOMMAND',
  commands: {
    history: {
      short: 'View rollout history',
      long: `View previous rollout revisions and configurations.`,
      examples: `# View the rollout history of a deployment
kubectl rollout history deployment/abc

# View the details of daemonset revision 3
kubectl rollout history daemonset/abc --revision=3`,
      use: '(TYPE NAME | TYPE/NAME) [flags]',
      flags: `
*allow-missing-template-keys *filename *kustomize *output *recursive
--revision int64=0: See the details, including podTemplate of the revision specified
*selector *show-managed-fields *template
`,
    },
    pause: {
      short: 'Mark the provided resource as paused',
      long: `Mark the provided resource as paused.

 Paused resources will not be reconciled by a controller. Use "kubectl rollout resume" to resume a
> paused resource. Currently only deployments support being paused.`,
      examples: `# Mark the nginx deployment as paused
# Any current state of the deployment will continue its function; new updates
# to the deployment will not have an effect as long as the deployment is paused
kubectl rollout pause deployment/nginx`,
      use: 'RESOURCE',
      flags: `
*allow-missing-template-keys
--field-manager string=kubectl-rollout: Name of the manager used to track field ownership.
*filename *kustomize *output *recursive *selector *show-managed-fields *template
`,
    },
    restart: {
      short: 'Restart a resource',
      long: `Restart a resource.

        Resource rollout will be restarted.`,
      examples: `# Restart all deployments in the test-namespace namespace
kubectl rollout restart deployment -n test-namespace

# Restart a deployment
kubectl rollout restart deployment/nginx

# Restart a daemon set
kubectl rollout restart daemonset/abc

# Restart deployments with the app=nginx label
kubectl rollout restart deployment --selector=app=nginx`,
      use: 'RESOURCE',
      flags: `
*allow-missing-template-keys
--field-manager string=kubectl-rollout: Name of the manager used to track field ownership.
*filename *kustomize *output *recursive *selector *show-managed-fields *template
`,
    },
    resume: {
      short: 'Resume a paused resource',
      long: `Resume a paused resource.

 Paused resources will not be reconciled by a controller. By resuming a resource, we allow it to
> be reconciled again. Currently only deployments support being resumed.`,
      examples: `# Resume an already paused deployment
kubectl rollout resume deployment/nginx`,
      use: 'RESOURCE',
      flags: `
*allow-missing-template-keys
--field-manager string=kubectl-rollout: Name of the manager used to track field ownership.
*filename *kustomize *output *recursive *selector *show-managed-fields *template
`,
    },
    status: {
      short: 'Show the status of the rollout',
      long: `Show the status of the rollout.

 By default 'rollout status' will watch the status of the latest rollout until it's done. If you
> don't want to wait for the rollout to finish then you can use --watch=false. Note that if a new
> rollout starts in-between, then 'rollout status' will continue watching the latest revision. If
> you want to pin to a specific revision and abort if it is rolled over by another revision, use
> --revision=N where N is the revision you need to watch for.`,
      examples: `# Watch the rollout status of a deployment
kubectl rollout status deployment/nginx`,
      use: '(TYPE NAME | TYPE/NAME) [flags]',
      flags: `
*filename *kustomize *recursive
--revision int64=0: Pin to a specific revision for showing its status. Defaults to 0 (last
> revision).
*selector
--timeout duration=0s: The length of time to wait before ending watch, zero means never. Any other
> values should contain a corresponding time unit (e.g. 1s, 2m, 3h).
-w, --watch bool=true: Watch the status of the rollout until it's done.
`,
    },
    undo: {
      short: 'Undo a previous rollout',
      long: `Roll back to a previous rollout.`,
      examples: `# Roll back to the previous deployment
kubectl rollout undo deployment/abc

# Roll back to daemonset revision 3
kubectl rollout undo daemonset/abc --to-revision=3

# Roll back to the previous deployment with dry-run
kubectl rollout undo --dry-run=server deployment/abc`,
      use: '(TYPE NAME | TYPE/NAME) [flags]',
      flags: `
*allow-missing-template-keys *dry-run *filename *kustomize *output *recursive *selector
*show-managed-fields *template
--to-revision int64=0: The revision to rollback to. Default to 0 (last revision).
`,
    },
  },
};

export const SCALE: CommandSpec = {
  short: 'Set a new size for a deployment, replica set, or replication controller',
  long: `Set a new size for a deployment, replica set, replication controller, or stateful set.

 Scale also allows users to specify one or more preconditions for the scale action.

 If --current-replicas or --resource-version is specified, it is validated before the scale is
> attempted, and it is guaranteed that the precondition holds true when the scale is sent to the
> server.`,
  examples: `# Scale a replica set named 'foo' to 3
kubectl scale --replicas=3 rs/foo

# Scale a resource identified by type and name specified in "foo.yaml" to 3
kubectl scale --replicas=3 -f foo.yaml

# If the deployment named mysql's current size is 2, scale mysql to 3
kubectl scale --current-replicas=2 --replicas=3 deployment/mysql

# Scale multiple replication controllers
kubectl scale --replicas=5 rc/example1 rc/example2 rc/example3

# Scale stateful set named 'web' to 3
kubectl scale --replicas=3 statefulset/web`,
  use: '[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  hidden: '*record',
  flags: `
--all bool=false: Select all resources in the namespace of the specified resource types
*allow-missing-template-keys
--current-replicas int=-1: Precondition for current size. Requires that the current size of the
> resource match this value in order to scale. -1 (default) for no condition.
*dry-run
-f, --filename stringSlice=[]: Filename, directory, or URL to files identifying the resource to
> set a new size
*kustomize *output *recursive
--replicas int=0: The new desired number of replicas. Required.
--resource-version string=: Precondition for resource version. Requires that the current resource
> version match this value in order to scale.
*selector *show-managed-fields *template
--timeout duration=0s: The length of time to wait before giving up on a scale operation, zero
> means don't wait. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).
`,
  required: ['replicas'],
};

export const AUTOSCALE: CommandSpec = {
  short: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  long: `Creates an autoscaler that automatically chooses and sets the number of pods that run in a
> Kubernetes cluster. The command will attempt to use the autoscaling/v2 API first, in case of an
> error, it will fall back to autoscaling/v1 API. The command will attempt to use the
> autoscaling/v2 API first, in case of an error, it will fall back to autoscaling/v1 API.

 Looks up a deployment, replica set, stateful set, or replication controller by name and creates
> an autoscaler that uses the given resource as a reference. An autoscaler can automatically
> increase or decrease number of pods deployed within the system as needed.`,
  examples: `# Auto scale a deployment "foo", with the number of pods between 2 and 10, no target CPU
> utilization specified so a default autoscaling policy will be used
kubectl autoscale deployment foo --min=2 --max=10

# Auto scale a replication controller "foo", with the number of pods between 1 and 5, target CPU
> utilization at 80%
kubectl autoscale rc foo --max=5 --cpu=80%

# Auto scale a deployment "bar", with the number of pods between 3 and 6, target average CPU of
> 500m and memory of 200Mi
kubectl autoscale deployment bar --min=3 --max=6 --cpu=500m --memory=200Mi

# Auto scale a deployment "bar", with the number of pods between 2 and 8, target CPU utilization
> 60% and memory utilization 70%
kubectl autoscale deployment bar --min=3 --max=6 --cpu=60% --memory=70%`,
  use: '(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]',
  flags: `
*allow-missing-template-keys
--cpu string=: Target CPU utilization over all the pods. When specified as a percentage (e.g."70%"
> for 70% of requested CPU) it will target average utilization. When specified as quantity
> (e.g."500m" for 500 milliCPU) it will target average value. Value without units is treated as a
> quantity with miliCPU being the unit (e.g."500" is "500m").
*dry-run
--field-manager string=kubectl-autoscale: Name of the manager used to track field ownership.
-f, --filename stringSlice=[]: Filename, directory, or URL to files identifying the resource to
> autoscale.
*kustomize
--max int32=-1: The upper limit for the number of pods that can be set by the autoscaler.
> Required.
--memory string=: Target memory utilization over all the pods. When specified  as a percentage
> (e.g."60%" for 60% of requested memory) it will target average utilization. When specified as
> quantity (e.g."200Mi" for 200 MiB, "1Gi" for 1 GiB) it will target average value. Value without
> units is treated as a quantity with mebibytes being the unit (e.g."200" is "200Mi").
--min int32=-1: The lower limit for the number of pods that can be set by the autoscaler. If it's
> not specified or negative, the server will apply a default value.
--name string=: The name for the newly created object. If not specified, the name of the input
> resource will be used.
*output *recursive *save-config *show-managed-fields *template
`,
  required: ['max'],
  hidden: `
--cpu-percent int32=-1: !Use --cpu with percentage or resource quantity format (e.g., '70%' for
> utilization or '500m' for milliCPU).
*record
`,
};
