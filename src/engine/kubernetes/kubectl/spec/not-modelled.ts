import type { CommandSpec } from './command-spec.ts';

export const CERTIFICATE: CommandSpec = {
  short: 'Modify certificate resources',
  long: 'Modify certificate resources.',
  use: 'SUBCOMMAND',
  commands: {
    approve: {
      short: 'Approve a certificate signing request',
      long: `Approve a certificate signing request.

 kubectl certificate approve allows a cluster admin to approve a certificate signing request
> (CSR). This action tells a certificate signing controller to issue a certificate to the
> requester with the attributes requested in the CSR.

 SECURITY NOTICE: Depending on the requested attributes, the issued certificate can potentially
> grant a requester access to cluster resources or to authenticate as a requested identity. Before
> approving a CSR, ensure you understand what the signed certificate can do.`,
      use: '(-f FILENAME | NAME)',
      flags: `
*allow-missing-template-keys
-f, --filename stringSlice=[]: Filename, directory, or URL to files identifying the resource to
> update
--force bool=false: Update the CSR even if it is already approved.
*kustomize *output *recursive *show-managed-fields *template
`,
    },
    deny: {
      short: 'Deny a certificate signing request',
      long: `Deny a certificate signing request.

 kubectl certificate deny allows a cluster admin to deny a certificate signing request (CSR). This
> action tells a certificate signing controller to not to issue a certificate to the requester.`,
      use: '(-f FILENAME | NAME)',
      flags: `
*allow-missing-template-keys
-f, --filename stringSlice=[]: Filename, directory, or URL to files identifying the resource to
> update
--force bool=false: Update the CSR even if it is already denied.
*kustomize *output *recursive *show-managed-fields *template
`,
    },
  },
};

export const PROXY: CommandSpec = {
  short: 'Run a proxy to the Kubernetes API server',
  long: `Creates a proxy server or application-level gateway between localhost and the Kubernetes API
> server. It also allows serving static content over specified HTTP path. All incoming data enters
> through one port and gets forwarded to the remote Kubernetes API server port, except for the
> path matching the static content path.`,
  use: '[--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  flags: `
--accept-hosts string=^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$: Regular expression for hosts that the
> proxy should accept.
--accept-paths string=^.*: Regular expression for paths that the proxy should accept.
--address string=127.0.0.1: The IP address on which to serve on.
--api-prefix string=/: Prefix to serve the proxied API under.
--append-server-path bool=false: If true, enables automatic path appending of the kube context
> server path to each request.
--disable-filter bool=false: If true, disable request filtering in the proxy. This is dangerous,
> and can leave you vulnerable to XSRF attacks, when used with an accessible port.
--keepalive duration=0s: keepalive specifies the keep-alive period for an active network
> connection. Set to 0 to disable keepalive.
-p, --port int=8001: The port on which to run the proxy. Set to 0 to pick a random port.
--reject-methods string=^$: Regular expression for HTTP methods that the proxy should reject
> (example --reject-methods='POST,PUT,PATCH'). 
--reject-paths string=^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach: Regular expression for paths
> that the proxy should reject. Paths specified here will be rejected even accepted by
> --accept-paths.
-u, --unix-socket string=: Unix socket on which to run the proxy.
-w, --www string=: Also serve static files from the given directory under the specified prefix.
-P, --www-prefix string=/static/: Prefix to serve static files under, if static file directory is
> specified.
`,
};

export const KUSTOMIZE: CommandSpec = {
  short: 'Build a kustomization target from a directory or URL',
  long: `Build a set of KRM resources using a 'kustomization.yaml' file. The DIR argument must be a path to
> a directory containing 'kustomization.yaml', or a git repository URL with a path suffix
> specifying same with respect to the repository root. If DIR is omitted, '.' is assumed.`,
  use: 'DIR [flags]',
  flags: `
--as-current-user bool=false: use the uid and gid of the command executor to run the function in
> the container
--enable-alpha-plugins bool=false: enable kustomize plugins
--enable-helm bool=false: Enable use of the Helm chart inflator generator.
-e, --env stringArray=[]: a list of environment variables to be used by functions
--helm-api-versions stringArray=[]: Kubernetes api versions used by Helm for
> Capabilities.APIVersions
--helm-command string=helm: helm command (path to executable)
--helm-debug bool=false: Enable debug output from the Helm chart inflator generator.
--helm-kube-version string=: Kubernetes version used by Helm for Capabilities.KubeVersion
--load-restrictor string=LoadRestrictionsRootOnly: if set to 'LoadRestrictionsNone', local
> kustomizations may load files from outside their root. This does, however, break the
> relocatability of the kustomization.
--mount stringArray=[]: a list of storage options read from the filesystem
--network bool=false: enable network access for functions that declare it
--network-name string=bridge: the docker network to run the container in
-o, --output string=: If specified, write output to this path.
`,
};

export const COMPLETION: CommandSpec = {
  short: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
  long: `Output shell completion code for the specified shell (bash, zsh, fish, or powershell). The shell
> code must be evaluated to provide interactive completion of kubectl commands.  This can be done
> by sourcing it from the .bash_profile.

 Detailed instructions on how to do this are available here:

        for macOS:
        https://kubernetes.io/docs/tasks/tools/install-kubectl-macos/#enable-shell-autocompletion
        
        for linux:
        https://kubernetes.io/docs/tasks/tools/install-kubectl-linux/#enable-shell-autocompletion
        
        for windows:
        https://kubernetes.io/docs/tasks/tools/install-kubectl-windows/#enable-shell-autocompletion
        
 Note for zsh users: [1] zsh completions are only supported in versions of zsh >= 5.2.`,
  use: 'SHELL',
};

export const PLUGIN: CommandSpec = {
  short: 'Provides utilities for interacting with plugins',
  long: `Provides utilities for interacting with plugins.

 Plugins provide extended functionality that is not part of the major command-line distribution.
> Please refer to the documentation and examples for more information about how write your own
> plugins.

 The easiest way to discover and install plugins is via the kubernetes sub-project krew:
> [krew.sigs.k8s.io]. To install krew, visit
> https://krew.sigs.k8s.io/docs/user-guide/setup/install`,
  examples: `# List all available plugins
kubectl plugin list

# List only binary names of available plugins without paths
kubectl plugin list --name-only`,
  use: '[flags]',
  commands: {
    list: {
      short: "List all visible plugin executables on a user's PATH",
      long: `List all available plugin files on a user's PATH. To see plugins binary names without the full
> path use --name-only flag.

 Available plugin files are those that are: - executable - anywhere on the user's PATH - begin
> with "kubectl-"`,
      use: '[flags]',
      flags: `
--name-only bool=false: If true, display only the binary name of each plugin, rather than its full
> path
`,
    },
  },
};
