/** Ten recovery codes, shown this once: copy, print or save them, then say that they are safe. */
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'

export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const [isKept, setIsKept] = useState(false)
  const text = codes.join('\n')
  const save = () => {
    const url = URL.createObjectURL(new Blob([`Porchlight recovery codes. Each works once.\n\n${text}\n`]))
    const link = Object.assign(document.createElement('a'), { href: url, download: 'porchlight-recovery-codes.txt' })
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
  return (
    <div className="flex flex-col gap-4">
      <p className="text-quiet">
        If you lose your phone, one of these opens the second lock. Each works once. They are shown only now.
      </p>
      <ol
        aria-label="Recovery codes"
        data-testid="recovery-codes"
        className="printed grid gap-x-6 gap-y-1.5 rounded-card border border-line bg-ground p-4 font-mono text-sm select-all"
      >
        {codes.map((code) => (
          <li key={code} className="break-all">
            {code}
          </li>
        ))}
      </ol>
      <div className="grid grid-cols-3 gap-2 print:hidden">
        <CopyButton text={text} className="px-2!" />
        <Button look="quiet" className="px-2!" onClick={() => print()}>
          Print
        </Button>
        <Button look="quiet" className="px-2!" onClick={save}>
          Save
        </Button>
      </div>
      <label className="flex min-h-11 cursor-pointer items-center gap-3">
        <input
          type="checkbox"
          checked={isKept}
          onChange={(event) => setIsKept(event.target.checked)}
          className="size-5 accent-lamp"
        />
        I have kept them somewhere safe
      </label>
      <Button disabled={!isKept} onClick={onDone}>
        Done
      </Button>
    </div>
  )
}
