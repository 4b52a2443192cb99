import type { CommandSpec } from './command-spec.ts';

export const CREATE_DEPLOYMENT: CommandSpec = {
  short: 'Create a deployment with the specified name',
  long: 'Create a deployment with the specified name.',
  aliases: ['deploy'],
  examples: `# Create a deployment named my-dep that runs the busybox image
kubectl create deployment my-dep --image=busybox

# Create a deployment with a command
kubectl create deployment my-dep --image=busybox -- date

# Create a deployment named my-dep that runs the nginx image with 3 replicas
kubectl create deployment my-dep --image=nginx --replicas=3

# Create a deployment named my-dep that runs the busybox image and expose port 5701
kubectl create deployment my-dep --image=busybox --port=5701

# Create a deployment named my-dep that runs multiple containers
kubectl create deployment my-dep --image=busybox:latest --image=ubuntu:latest --image=nginx`,
  use: 'NAME --image=image -- [COMMAND] [args...]',
  flags: `
*allow-missing-template-keys *dry-run *field-manager
--image stringSlice=[]: Image names to run. A deployment can have multiple images set for
> multi-container pod.
*output
--port int32=-1: The containerPort that this deployment exposes.
-r, --replicas int32=1: Number of replicas to create. Default is 1.
*save-config *show-managed-fields *template *validate
`,
  required: ['image'],
};

export const CREATE_JOB: CommandSpec = {
  short: 'Create a job with the specified name',
  long: 'Create a job with the specified name.',
  examples: `# Create a job
kubectl create job my-job --image=busybox

# Create a job with a command
kubectl create job my-job --image=busybox -- date

# Create a job from a cron job named "a-cronjob"
kubectl create job test-job --from=cronjob/a-cronjob`,
  use: 'NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  flags: `
*allow-missing-template-keys *dry-run *field-manager
--from string=: The name of the resource to create a Job from (only CronJob is supported).
--image string=: Image name to run.
*output *save-config *show-managed-fields *template *validate
`,
};

export const CREATE_CRONJOB: CommandSpec = {
  short: 'Create a cron job with the specified name',
  long: 'Create a cron job with the specified name.',
  aliases: ['cj'],
  examples: `# Create a cron job
kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *"

# Create a cron job with a command
kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *" -- date`,
  use: "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  flags: `
*allow-missing-template-keys *dry-run *field-manager
--image string=: Image name to run.
*output
--restart string=: job's restart policy. supported values: OnFailure, Never
*save-config
--schedule string=: A schedule in the Cron format the job should be run with.
*show-managed-fields *template *validate
`,
  required: ['image', 'schedule'],
};

export const CREATE_PODDISRUPTIONBUDGET: CommandSpec = {
  short: 'Create a pod disruption budget with the specified name',
  long: `Create a pod disruption budget with the specified name, selector, and desired minimum available
> pods.`,
  aliases: ['pdb'],
  examples: `# Create a pod disruption budget named my-pdb that will select all pods with the app=rails label
# and require at least one of them being available at any point in time
kubectl create poddisruptionbudget my-pdb --selector=app=rails --min-available=1

# Create a pod disruption budget named my-pdb that will select all pods with the app=nginx label
# and require at least half of the pods selected to be available at any point in time
kubectl create pdb my-pdb --selector=app=nginx --min-available=50%`,
  use: 'NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  flags: `
*allow-missing-template-keys *dry-run *field-manager
--max-unavailable string=: The maximum number or percentage of unavailable pods this budget
> requires.
--min-available string=: The minimum number or percentage of available pods this budget requires.
*output *save-config
--selector string=: A label selector to use for this budget. Only equality-based selector
> requirements are supported.
*show-managed-fields *template *validate
`,
};

export const CREATE_PRIORITYCLASS: CommandSpec = {
  short: 'Create a priority class with the specified name',
  long: `Create a priority class with the specified name, value, globalDefault and description.`,
  aliases: ['pc'],
  examples: `# Create a priority class named high-priority
kubectl create priorityclass high-priority --value=1000 --description="high priority"

# Create a priority class named default-priority that is considered as the global default priority
kubectl create priorityclass default-priority --value=1000 --global-default=true
> --description="default priority"

# Create a priority class named high-priority that cannot preempt pods with lower priority
kubectl create priorityclass high-priority --value=1000 --description="high priority"
> --preemption-policy="Never"`,
  use: 'NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  flags: `
*allow-missing-template-keys
--description string=: description is an arbitrary string that usually provides guidelines on when
> this priority class should be used.
*dry-run *field-manager
--global-default bool=false: global-default specifies whether this PriorityClass should be
> considered as the default priority.
*output
--preemption-policy string=PreemptLowerPriority: preemption-policy is the policy for preempting
> pods with lower priority.
*save-config *show-managed-fields *template *validate
--value int32=0: the value of this priority class.
`,
};

export const CREATE_QUOTA: CommandSpec = {
  short: 'Create a quota with the specified name',
  long: `Create a resource quota with the specified name, hard limits, and optional scopes.`,
  aliases: ['resourcequota'],
  examples: `# Create a new resource quota named my-quota
kubectl create quota my-quota
> --hard=cpu=1,memory=1G,pods=2,services=3,replicationcontrollers=2,resourcequotas=1,secrets=5,persistentvolumeclaims=10

# Create a new resource quota named best-effort
kubectl create quota best-effort --hard=pods=100 --scopes=BestEffort`,
  use: 'NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  flags: `
*allow-missing-template-keys *dry-run *field-manager
--hard string=: A comma-delimited set of resource=quantity pairs that define a hard limit.
*output *save-config
--scopes string=: A comma-delimited set of quota scopes that must all match each object tracked by
> the quota.
*show-managed-fields *template *validate
`,
};

export const CREATE_INGRESS: CommandSpec = {
  short: 'Create an ingress with the specified name',
  long: 'Create an ingress with the specified name.',
  aliases: ['ing'],
  examples: `# Create a single ingress called 'simple' that directs requests to foo.com/bar to svc
# svc1:8080 with a TLS secret "my-cert"
kubectl create ingress simple --rule="foo.com/bar=svc1:8080,tls=my-cert"

# Create a catch all ingress of "/path" pointing to service svc:port and Ingress Class as
> "otheringress"
kubectl create ingress catch-all --class=otheringress --rule="/path=svc:port"

# Create an ingress with two annotations: ingress.annotation1 and ingress.annotations2
kubectl create ingress annotated --class=default --rule="foo.com/bar=svc:port" \\
--annotation ingress.annotation1=foo \\
--annotation ingress.annotation2=bla

# Create an ingress with the same host and multiple paths
kubectl create ingress multipath --class=default \\
--rule="foo.com/=svc:port" \\
--rule="foo.com/admin/=svcadmin:portadmin"

# Create an ingress with multiple hosts and the pathType as Prefix
kubectl create ingress ingress1 --class=default \\
--rule="foo.com/path*=svc:8080" \\
--rule="bar.com/admin*=svc2:http"

# Create an ingress with TLS enabled using the default ingress certificate and different path
> types
kubectl create ingress ingtls --class=default \\
--rule="foo.com/=svc:https,tls" \\
--rule="foo.com/path/subpath*=othersvc:8080"

# Create an ingress with TLS enabled using a specific secret and pathType as Prefix
kubectl create ingress ingsecret --class=default \\
--rule="foo.com/*=svc:8080,tls=secret1"

# Create an ingress with a default backend
kubectl create ingress ingdefault --class=default \\
--default-backend=defaultsvc:http \\
--rule="foo.com/*=svc:8080,tls=secret1"`,
  use: 'NAME --rule=host/path=service:port[,tls[=secret]] ',
  flags: `
*allow-missing-template-keys
--annotation stringArray=[]: Annotation to insert in the ingress object, in the format
> annotation=value
--class string=: Ingress Class to be used
--default-backend string=: Default service for backend, in format of svcname:port
*dry-run *field-manager *output
--rule stringArray=[]: Rule in format host/path=service:port[,tls=secretname]. Paths containing
> the leading character '*' are considered pathType=Prefix. tls argument is optional.
*save-config *show-managed-fields *template *validate
`,
};
