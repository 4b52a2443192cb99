/**
 * An image's name with the tag that nodes report: `nginx` is `nginx:latest`
 * (plugins/imagelocality/image_locality.go `normalizedImageName`, v1.36).
 */
export function normalizedImageName(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
