import type { CommandSpec } from './command-spec.ts';

export const CREATE_CONFIGMAP: CommandSpec = {
  short: 'Create a config map from a local file, directory or literal value',
  long: `Create a config map based on a file, directory, or specified literal value.

 A single config map may package one or more key/value pairs.

 When creating a config map based on a file, the key will default to the basename of the file, and
> the value will default to the file content.  If the basename is an invalid key, you may specify
> an alternate key.

 When creating a config map based on a directory, each file whose basename is a valid key in the
> directory will be packaged into the config map.  Any directory entries except regular files are
> ignored (e.g. subdirectories, symlinks, devices, pipes, etc).`,
  aliases: ['cm'],
  examples: `# Create a new config map named my-config based on folder bar
kubectl create configmap my-config --from-file=path/to/bar

# Create a new config map named my-config with specified keys instead of file basenames on disk
kubectl create configmap my-config --from-file=key1=/path/to/bar/file1.txt
> --from-file=key2=/path/to/bar/file2.txt

# Create a new config map named my-config with key1=config1 and key2=config2
kubectl create configmap my-config --from-literal=key1=config1 --from-literal=key2=config2

# Create a new config map named my-config from the key=value pairs in the file
kubectl create configmap my-config --from-file=path/to/bar

# Create a new config map named my-config from an env file
kubectl create configmap my-config --from-env-file=path/to/foo.env --from-env-file=path/to/bar.env`,
  use: 'NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  flags: `
*allow-missing-template-keys
--append-hash bool=false: Append a hash of the configmap to its name.
*dry-run *field-manager
--from-env-file stringSlice=[]: Specify the path to a file to read lines of key=val pairs to
> create a configmap.
--from-file stringSlice=[]: Key file can be specified using its file path, in which case file
> basename will be used as configmap key, or optionally with a key and file path, in which case
> the given key will be used.  Specifying a directory will iterate each named file in the
> directory whose basename is a valid configmap key.
--from-literal stringArray=[]: Specify a key and literal value to insert in configmap (i.e.
> mykey=somevalue)
*output *save-config *show-managed-fields *template *validate
`,
};

export const CREATE_SECRET: CommandSpec = {
  short: 'Create a secret using a specified subcommand',
  long: `Create a secret with specified type.

 A docker-registry type secret is for accessing a container registry.

 A generic type secret indicate an Opaque secret type.

 A tls type secret holds TLS certificate and its associated key.`,
  use: '(docker-registry | generic | tls)',
  commands: {
    'docker-registry': {
      short: 'Create a secret for use with a Docker registry',
      long: `Create a new secret for use with Docker registries.
        
        Dockercfg secrets are used to authenticate against Docker registries.
        
        When using the Docker command line to push images, you can authenticate to a given
> registry by running:
        '$ docker login DOCKER_REGISTRY_SERVER --username=DOCKER_USER --password=DOCKER_PASSWORD
> --email=DOCKER_EMAIL'.
        
 That produces a ~/.dockercfg file that is used by subsequent 'docker push' and 'docker pull'
> commands to authenticate to the registry. The email address is optional.

        When creating applications, you may have a Docker registry that requires
> authentication.  In order for the
        nodes to pull images on your behalf, they must have the credentials.  You can provide this
> information
        by creating a dockercfg secret and attaching it to your service account.`,
      examples: `# If you do not already have a .dockercfg file, create a dockercfg secret directly
kubectl create secret docker-registry my-secret --docker-server=DOCKER_REGISTRY_SERVER
> --docker-username=DOCKER_USER --docker-password=DOCKER_PASSWORD --docker-email=DOCKER_EMAIL

# Create a new secret named my-secret from ~/.docker/config.json
kubectl create secret docker-registry my-secret --from-file=path/to/.docker/config.json`,
      use: 'NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
      flags: `
*allow-missing-template-keys *append-hash
--docker-email string=: Email for Docker registry
--docker-password string=: Password for Docker registry authentication
--docker-server string=https://index.docker.io/v1/: Server location for Docker registry
--docker-username string=: Username for Docker registry authentication
*dry-run *field-manager
--from-file stringSlice=[]: Key files can be specified using their file path, in which case a
> default name of .dockerconfigjson will be given to them, or optionally with a name and file
> path, in which case the given name will be used. Specifying a directory will iterate each named
> file in the directory that is a valid secret key. For this command, the key should always be
> .dockerconfigjson.
*output *save-config *show-managed-fields *template *validate
`,
    },
    generic: {
      short: 'Create a secret from a local file, directory, or literal value',
      long: `Create a secret based on a file, directory, or specified literal value.

 A single secret may package one or more key/value pairs.

 When creating a secret based on a file, the key will default to the basename of the file, and the
> value will default to the file content. If the basename is an invalid key or you wish to chose
> your own, you may specify an alternate key.

 When creating a secret based on a directory, each file whose basename is a valid key in the
> directory will be packaged into the secret. Any directory entries except regular files are
> ignored (e.g. subdirectories, symlinks, devices, pipes, etc).`,
      examples: `# Create a new secret named my-secret with keys for each file in folder bar
kubectl create secret generic my-secret --from-file=path/to/bar

# Create a new secret named my-secret with specified keys instead of names on disk
kubectl create secret generic my-secret --from-file=ssh-privatekey=path/to/id_rsa
> --from-file=ssh-publickey=path/to/id_rsa.pub

# Create a new secret named my-secret with key1=supersecret and key2=topsecret
kubectl create secret generic my-secret --from-literal=key1=supersecret
> --from-literal=key2=topsecret

# Create a new secret named my-secret using a combination of a file and a literal
kubectl create secret generic my-secret --from-file=ssh-privatekey=path/to/id_rsa
> --from-literal=passphrase=topsecret

# Create a new secret named my-secret from env files
kubectl create secret generic my-secret --from-env-file=path/to/foo.env
> --from-env-file=path/to/bar.env`,
      use: 'NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
      flags: `
*allow-missing-template-keys *append-hash *dry-run *field-manager
--from-env-file stringSlice=[]: Specify the path to a file to read lines of key=val pairs to
> create a secret.
--from-file stringSlice=[]: Key files can be specified using their file path, in which case a
> default name will be given to them, or optionally with a name and file path, in which case the
> given name will be used.  Specifying a directory will iterate each named file in the directory
> that is a valid secret key.
--from-literal stringArray=[]: Specify a key and literal value to insert in secret (i.e.
> mykey=somevalue)
*output *save-config *show-managed-fields *template
--type string=: The type of secret to create
*validate
`,
    },
    tls: {
      short: 'Create a TLS secret',
      long: `Create a TLS secret from the given public/private key pair.

 The public/private key pair must exist beforehand. The public key certificate must be .PEM
> encoded and match the given private key.`,
      examples: `# Create a new TLS secret named tls-secret with the given key pair
kubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key`,
      use: 'NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
      flags: `
*allow-missing-template-keys *append-hash
--cert string=: Path to PEM encoded public key certificate.
*dry-run *field-manager
--key string=: Path to private key associated with given certificate.
*output *save-config *show-managed-fields *template *validate
`,
    },
  },
};

export const CREATE_NAMESPACE: CommandSpec = {
  short: 'Create a namespace with the specified name',
  long: 'Create a namespace with the specified name.',
  aliases: ['ns'],
  examples: `# Create a new namespace named my-namespace
kubectl create namespace my-namespace`,
  use: 'NAME [--dry-run=server|client|none]',
  flags: `
*allow-missing-template-keys *dry-run *field-manager *output *save-config *show-managed-fields
*template *validate
`,
};

export const CREATE_SERVICE: CommandSpec = {
  short: 'Create a service using a specified subcommand',
  long: 'Create a service using a specified subcommand.',
  aliases: ['svc'],
  use: '[flags]',
  commands: {
    clusterip: {
      short: 'Create a ClusterIP service',
      long: `Create a ClusterIP service with the specified name.`,
      examples: `# Create a new ClusterIP service named my-cs
kubectl create service clusterip my-cs --tcp=5678:8080

# Create a new ClusterIP service named my-cs (in headless mode)
kubectl create service clusterip my-cs --clusterip="None"`,
      use: 'NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]',
      flags: `
*allow-missing-template-keys
--clusterip string=: Assign your own ClusterIP or set to 'None' for a 'headless' service (no
> loadbalancing).
*dry-run *field-manager *output *save-config *show-managed-fields *tcp *template *validate
`,
    },
    externalname: {
      short: 'Create an ExternalName service',
      long: `Create an ExternalName service with the specified name.

 ExternalName service references to an external DNS address instead of only pods, which will allow
> application authors to reference services that exist off platform, on other clusters, or
> locally.`,
      examples: `# Create a new ExternalName service named my-ns
kubectl create service externalname my-ns --external-name bar.com`,
      use: 'NAME --external-name external.name [--dry-run=server|client|none]',
      required: ['external-name'],
      flags: `
*allow-missing-template-keys *dry-run
--external-name string=: External name of service
*field-manager *output *save-config *show-managed-fields *tcp *template *validate
`,
    },
    loadbalancer: {
      short: 'Create a LoadBalancer service',
      long: `Create a LoadBalancer service with the specified name.`,
      examples: `# Create a new LoadBalancer service named my-lbs
kubectl create service loadbalancer my-lbs --tcp=5678:8080`,
      use: 'NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
      flags: `
*allow-missing-template-keys *dry-run *field-manager *output *save-config *show-managed-fields
*tcp *template *validate
`,
    },
    nodeport: {
      short: 'Create a NodePort service',
      long: `Create a NodePort service with the specified name.`,
      examples: `# Create a new NodePort service named my-ns
kubectl create service nodeport my-ns --tcp=5678:8080`,
      use: 'NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
      flags: `
*allow-missing-template-keys *dry-run *field-manager
--node-port int=0: Port used to expose the service on each node in a cluster.
*output *save-config *show-managed-fields *tcp *template *validate
`,
    },
  },
};
