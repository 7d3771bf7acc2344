/** Adding a passkey of this device, with a name to know it by. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsHere } from '../error-words.ts'
import { addPasskey, passkeyOptions } from '../identity-api.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { TextField } from '../ui/text-field.tsx'
import { hasPasskeys, makePasskey } from './passkey.ts'

export function PasskeyAdd({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState(() => deviceName(navigator.userAgent))
  const add = useMutation({
    mutationFn: async () => addPasskey(name.trim(), await makePasskey(await passkeyOptions())),
    onSuccess: onDone,
  })
  if (!hasPasskeys())
    return <p className="text-quiet">Passkeys do not work in this browser at this address. Use a code app instead.</p>
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <p className="text-quiet">Your device asks for your finger, your face or its PIN, and keeps the key.</p>
      <TextField
        label="Name of the passkey"
        value={name}
        onValue={setName}
        required
        maxLength={60}
        data-first-focus
        autoComplete="off"
        hint="So that you know it again in the list."
      />
      {add.error && (
        <ErrorNote
          words={wordsHere(add.error, {
            conflict: { title: 'There is no room for another passkey.', text: 'Remove one first.' },
            link_over: { title: 'That took too long.', text: 'Try again.' },
          })}
        />
      )}
      <Button type="submit" isBusy={add.isPending}>
        <Icon name="key" className="size-5" />
        Make the passkey
      </Button>
    </form>
  )
}

/** A first guess; the person may call it what they like. */
function deviceName(userAgent: string): string {
  const known = [/iPhone/, /iPad/, /Android/, /Mac/, /Windows/, /Linux/]
  const found = known.map((pattern) => pattern.exec(userAgent)?.[0]).find((name) => name !== undefined)
  return found === undefined ? 'This device' : `My ${found === 'Android' ? 'Android phone' : found}`
}
