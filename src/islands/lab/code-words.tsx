/** A sentence in which what stands in backquotes is code. */
export function CodeWords({ text }: { readonly text: string }) {
  return (
    <>
      {text.split('`').map((piece, at) => (at % 2 === 1 ? <code key={at}>{piece}</code> : piece))}
    </>
  );
}
