import type { CommandSpec } from './command-spec.ts';

export const CREATE_ROLE: CommandSpec = {
  short: 'Create a role with single rule',
  long: 'Create a role with single rule.',
  examples: `# Create a role named "pod-reader" that allows user to perform "get", "watch" and "list" on pods
kubectl create role pod-reader --verb=get --verb=list --verb=watch --resource=pods

# Create a role named "pod-reader" with ResourceName specified
kubectl create role pod-reader --verb=get --resource=pods --resource-name=readablepod
> --resource-name=anotherpod

# Create a role named "foo" with API Group specified
kubectl create role foo --verb=get,list,watch --resource=rs.apps

# Create a role named "foo" with SubResource specified
kubectl create role foo --verb=get,list,watch --resource=pods,pods/status`,
  use: 'NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
  flags: `
*allow-missing-template-keys *dry-run *field-manager *output
--resource stringSlice=[]: Resource that the rule applies to
--resource-name stringArray=[]: Resource in the white list that the rule applies to, repeat this
> flag for multiple items
*save-config *show-managed-fields *template *validate
--verb stringSlice=[]: Verb that applies to the resources contained in the rule
`,
};

export const CREATE_CLUSTERROLE: CommandSpec = {
  short: 'Create a cluster role',
  long: 'Create a cluster role.',
  examples: `# Create a cluster role named "pod-reader" that allows user to perform "get", "watch" and "list"
> on pods
kubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods

# Create a cluster role named "pod-reader" with ResourceName specified
kubectl create clusterrole pod-reader --verb=get --resource=pods --resource-name=readablepod
> --resource-name=anotherpod

# Create a cluster role named "foo" with API Group specified
kubectl create clusterrole foo --verb=get,list,watch --resource=rs.apps

# Create a cluster role named "foo" with SubResource specified
kubectl create clusterrole foo --verb=get,list,watch --resource=pods,pods/status

# Create a cluster role name "foo" with NonResourceURL specified
kubectl create clusterrole "foo" --verb=get --non-resource-url=/logs/*

# Create a cluster role name "monitoring" with AggregationRule specified
kubectl create clusterrole monitoring
> --aggregation-rule="rbac.example.com/aggregate-to-monitoring=true"`,
  use: 'NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
  flags: `
--aggregation-rule selectors=: An aggregation label selector for combining ClusterRoles.
*allow-missing-template-keys *dry-run *field-manager
--non-resource-url stringSlice=[]: A partial url that user should have access to.
*output
--resource stringSlice=[]: Resource that the rule applies to
--resource-name stringArray=[]: Resource in the white list that the rule applies to, repeat this
> flag for multiple items
*save-config *show-managed-fields *template *validate
--verb stringSlice=[]: Verb that applies to the resources contained in the rule
`,
};

export const CREATE_ROLEBINDING: CommandSpec = {
  short: 'Create a role binding for a particular role or cluster role',
  long: 'Create a role binding for a particular role or cluster role.',
  examples: `# Create a role binding for user1, user2, and group1 using the admin cluster role
kubectl create rolebinding admin --clusterrole=admin --user=user1 --user=user2 --group=group1

# Create a role binding for service account monitoring:sa-dev using the admin role
kubectl create rolebinding admin-binding --role=admin --serviceaccount=monitoring:sa-dev`,
  use: 'NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  flags: `
*allow-missing-template-keys
--clusterrole string=: ClusterRole this RoleBinding should reference
*dry-run *field-manager
--group stringArray=[]: Groups to bind to the role. The flag can be repeated to add multiple
> groups.
*output
--role string=: Role this RoleBinding should reference
*save-config
--serviceaccount stringArray=[]: Service accounts to bind to the role, in the format
> <namespace>:<name>. The flag can be repeated to add multiple service accounts.
*show-managed-fields *template
--user stringArray=[]: Usernames to bind to the role. The flag can be repeated to add multiple
> users.
*validate
`,
};

export const CREATE_CLUSTERROLEBINDING: CommandSpec = {
  short: 'Create a cluster role binding for a particular cluster role',
  long: 'Create a cluster role binding for a particular cluster role.',
  examples: `# Create a cluster role binding for user1, user2, and group1 using the cluster-admin cluster role
kubectl create clusterrolebinding cluster-admin --clusterrole=cluster-admin --user=user1
> --user=user2 --group=group1`,
  use: 'NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  flags: `
*allow-missing-template-keys
--clusterrole string=: ClusterRole this ClusterRoleBinding should reference
*dry-run *field-manager
--group stringArray=[]: Groups to bind to the clusterrole. The flag can be repeated to add
> multiple groups.
*output *save-config
--serviceaccount stringArray=[]: Service accounts to bind to the clusterrole, in the format
> <namespace>:<name>. The flag can be repeated to add multiple service accounts.
*show-managed-fields *template
--user stringArray=[]: Usernames to bind to the clusterrole. The flag can be repeated to add
> multiple users.
*validate
`,
  required: ['clusterrole'],
};

export const CREATE_SERVICEACCOUNT: CommandSpec = {
  short: 'Create a service account with the specified name',
  long: 'Create a service account with the specified name.',
  aliases: ['sa'],
  examples: `# Create a new service account named my-service-account
kubectl create serviceaccount my-service-account`,
  use: 'NAME [--dry-run=server|client|none]',
  flags: `
*allow-missing-template-keys *dry-run *field-manager *output *save-config *show-managed-fields
*template *validate
`,
};

export const CREATE_TOKEN: CommandSpec = {
  short: 'Request a service account token',
  long: 'Request a service account token.',
  examples: `# Request a token to authenticate to the kube-apiserver as the service account "myapp" in the
> current namespace
kubectl create token myapp

# Request a token for a service account in a custom namespace
kubectl create token myapp --namespace myns

# Request a token with a custom expiration
kubectl create token myapp --duration 10m

# Request a token with a custom audience
kubectl create token myapp --audience https://example.com

# Request a token bound to an instance of a Secret object
kubectl create token myapp --bound-object-kind Secret --bound-object-name mysecret

# Request a token bound to an instance of a Secret object with a specific UID
kubectl create token myapp --bound-object-kind Secret --bound-object-name mysecret
> --bound-object-uid 0d4691ed-659b-4935-a832-355f77ee47cc`,
  use: 'SERVICE_ACCOUNT_NAME',
  flags: `
*allow-missing-template-keys
--audience stringArray=[]: Audience of the requested token. If unset, defaults to requesting a
> token for use with the Kubernetes API server. May be repeated to request a token valid for
> multiple audiences.
--bound-object-kind string=: Kind of an object to bind the token to. Supported kinds are Node,
> Pod, Secret. If set, --bound-object-name must be provided.
--bound-object-name string=: Name of an object to bind the token to. The token will expire when
> the object is deleted. Requires --bound-object-kind.
--bound-object-uid string=: UID of an object to bind the token to. Requires --bound-object-kind
> and --bound-object-name. If unset, the UID of the existing object is used.
--duration duration=0s: Requested lifetime of the issued token. If not set or if set to 0, the
> lifetime will be determined by the server automatically. The server may return a token with a
> longer or shorter lifetime.
*output *show-managed-fields *template
`,
};
