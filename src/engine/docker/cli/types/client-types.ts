/**
 * What `docker info` and `docker version` fill templates with (docker/cli v29.7.2
 * `cli/command/system/{info,version}.go`), in the notation of `go-types.ts`.
 */
export const CLIENT_TYPES = `
system.dockerInfo: +*system.Info, ServerErrors []string, UserName string,
  ClientInfo *system.clientInfo, ClientErrors []string
system.sparseInfo: ClientInfo *system.clientInfo, ClientErrors []string
system.clientInfo: Debug bool, +system.clientVersion, Plugins []any, Warnings []string
system.versionInfo: Client system.clientVersion, Server *system.serverVersion
system.platformInfo: Name string
system.clientVersion: Platform *system.platformInfo, Version string, APIVersion=ApiVersion string,
  DefaultAPIVersion string, GitCommit string, GoVersion string, Os string, Arch string,
  BuildTime string, Context string
system.serverVersion: Platform client.PlatformInfo, Version string, APIVersion=ApiVersion string,
  MinAPIVersion string, Os string, Arch string, Components []system.ComponentVersion,
  GitCommit string, GoVersion string, KernelVersion string, Experimental bool, BuildTime string
client.PlatformInfo: Name string
`;
