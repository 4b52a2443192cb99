import type { CommandSpec } from './command-spec.ts';

export const API_RESOURCES: CommandSpec = {
  short: 'Print the supported API resources on the server',
  long: 'Print the supported API resources on the server.',
  examples: `# Print the supported API resources
kubectl api-resources

# Print the supported API resources with more information
kubectl api-resources -o wide

# Print the supported API resources sorted by a column
kubectl api-resources --sort-by=name

# Print the supported namespaced resources
kubectl api-resources --namespaced=true

# Print the supported non-namespaced resources
kubectl api-resources --namespaced=false

# Print the supported API resources with a specific APIGroup
kubectl api-resources --api-group=rbac.authorization.k8s.io`,
  use: '[flags]',
  flags: `
--api-group string=: Limit to resources in the specified API group.
--cached bool=false: Use the cached list of resources if available.
--categories stringSlice=[]: Limit to resources that belong to the specified categories.
--namespaced bool=true: If false, non-namespaced resources will be returned, otherwise returning
> namespaced resources by default.
*no-headers
-o, --output string=: Output format. One of: (wide, name).
--sort-by string=: If non-empty, sort list of resources using specified field. The field can be
> either 'name' or 'kind'.
--verbs stringSlice=[]: Limit to resources that support the specified verbs.
`,
};

export const API_VERSIONS: CommandSpec = {
  short: 'Print the supported API versions on the server, in the form of "group/version"',
  long: 'Print the supported API versions on the server, in the form of "group/version".',
  examples: `# Print the supported API versions
kubectl api-versions`,
  use: '',
};

export const VERSION: CommandSpec = {
  short: 'Print the client and server version information',
  long: `Print the client and server version information for the current context.`,
  examples: `# Print the client and server versions for the current context
kubectl version`,
  use: '[flags]',
  flags: `
--client bool=false: If true, shows client version only (no server required).
-o, --output string=: One of 'yaml' or 'json'.
`,
};
