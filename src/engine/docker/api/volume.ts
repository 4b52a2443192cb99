/** Volumes on the wire (moby/moby v29.7 `api/types/volume/`). */
export interface Volume {
  readonly CreatedAt?: string;
  readonly Driver: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Mountpoint: string;
  readonly Name: string;
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Scope: string;
  readonly UsageData?: { readonly RefCount: number; readonly Size: number };
}

/** Body of `POST /volumes/create`. */
export interface VolumeCreateBody {
  readonly Driver?: string;
  readonly DriverOpts?: Readonly<Record<string, string>> | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Name?: string;
}

/** `GET /volumes`. */
export interface VolumeList {
  readonly Volumes: readonly Volume[];
  readonly Warnings: readonly string[] | null;
}

export interface VolumePruneReport {
  readonly VolumesDeleted: readonly string[] | null;
  readonly SpaceReclaimed: number;
}
