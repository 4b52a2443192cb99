import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** How wide and high an element is, in px, as it changes. */
export function useSize(
  element: { readonly current: Element | null },
  before = { width: 480, height: 320 },
): { readonly width: number; readonly height: number } {
  const size = useSignal(before);
  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      if (width > 0) size.value = { width: Math.round(width), height: Math.round(height) };
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return size.value;
}
