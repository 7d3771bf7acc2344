/** A line in a panel that says what did not work, and what that means. */

export function Note({ text }: { text: string }) {
  return (
    <p role="alert" className="my-2 rounded-lg border border-ember/50 bg-ember/10 px-3 py-2 text-sm">
      {text}
    </p>
  )
}
