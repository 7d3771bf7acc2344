/** Pairing in two steps: type the code of the box, then compare what it says about itself and confirm. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import type { WaitingPairing } from '../api.ts'
import { confirmPairing, readPairing } from '../edge-api.ts'
import { wordsFor } from '../error-words.ts'
import { agentsQuery, homeQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { TextField } from '../ui/text-field.tsx'
import { readCode, shapeCode } from './user-code.ts'

export function PairDialog({ code, onClose }: { code: string | undefined; onClose: () => void }) {
  const [typed, setTyped] = useState(shapeCode(code ?? ''))
  const look = useMutation({ mutationFn: readPairing })
  const { mutate } = look
  useEffect(() => {
    const complete = readCode(code ?? '')
    if (complete) mutate(complete)
  }, [code, mutate])
  return (
    <Dialog title="Pair a box" onClose={onClose}>
      {look.data ? (
        <Compare waiting={look.data} onClose={onClose} onBack={look.reset} />
      ) : (
        <CodeForm typed={typed} onTyped={setTyped} onSubmit={mutate} isBusy={look.isPending} error={look.error} />
      )}
    </Dialog>
  )
}

type CodeFormProps = {
  typed: string
  onTyped: (typed: string) => void
  onSubmit: (code: string) => void
  isBusy: boolean
  error: Error | null
}

function CodeForm({ typed, onTyped, onSubmit, isBusy, error }: CodeFormProps) {
  const [hasTried, setHasTried] = useState(false)
  const code = readCode(typed)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setHasTried(true)
    if (code) onSubmit(code)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <p className="text-quiet">Start the agent on the box. It shows a code of eight letters and digits.</p>
      <TextField
        label="Code"
        value={typed}
        onValue={(value) => onTyped(shapeCode(value))}
        placeholder="ABCD-EFGH"
        autoComplete="off"
        data-first-focus
        autoCapitalize="characters"
        spellCheck={false}
        error={hasTried && !code ? 'The code has eight letters and digits, and never 0, O, 1, I or L.' : undefined}
        className="text-center font-mono text-2xl! tracking-[0.2em]"
      />
      {error && <ErrorNote words={wordsFor(error)} />}
      <Button type="submit" isBusy={isBusy}>
        Find the box
      </Button>
    </form>
  )
}

type CompareProps = { waiting: WaitingPairing; onClose: () => void; onBack: () => void }

function Compare({ waiting, onClose, onBack }: CompareProps) {
  const queryClient = useQueryClient()
  const confirm = useMutation({
    mutationFn: () => confirmPairing(waiting.userCode),
    onSuccess: () => {
      queryClient.invalidateQueries({ queryKey: agentsQuery.queryKey })
      queryClient.invalidateQueries({ queryKey: homeQuery.queryKey })
    },
  })
  if (confirm.isSuccess)
    return (
      <div role="status" className="flex flex-col items-center gap-3 py-4 text-center">
        <span className="grid size-14 place-items-center rounded-full bg-leaf/15 text-leaf">
          <Icon name="check" className="size-8" />
        </span>
        <p className="text-lg font-semibold">{waiting.name} is paired.</p>
        <p className="text-quiet">Its lamp lights up in a few seconds.</p>
        <Button onClick={onClose} className="mt-2">
          Done
        </Button>
      </div>
    )
  return (
    <div className="flex flex-col gap-5">
      <p className="text-quiet">Compare the key with the one on the box. Confirm only if they are the same.</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-3 rounded-card border border-line bg-ground p-4">
        <dt className="text-quiet">Name</dt>
        <dd className="font-semibold">{waiting.name}</dd>
        <dt className="text-quiet">Calls from</dt>
        <dd className="break-all">{waiting.address}</dd>
        <dt className="text-quiet">Key</dt>
        <dd className="font-mono whitespace-nowrap text-lamp max-sm:text-sm">{waiting.fingerprint}</dd>
      </dl>
      {confirm.error && <ErrorNote words={wordsFor(confirm.error)} />}
      <div className="flex flex-wrap justify-end gap-3">
        <Button look="quiet" onClick={onBack}>
          Not this one
        </Button>
        <Button isBusy={confirm.isPending} onClick={() => confirm.mutate()}>
          Confirm
        </Button>
      </div>
    </div>
  )
}
