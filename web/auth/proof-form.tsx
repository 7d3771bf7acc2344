/** One form for every way to prove who one is: a passkey, a code, a recovery code, a password; the best first. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsHere } from '../error-words.ts'
import type { StepUpMethod, StepUpProof } from '../identity-api.ts'
import { Button } from '../ui/button.tsx'
import { CodeField } from '../ui/code-field.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { TextField } from '../ui/text-field.tsx'
import { askPasskey, hasPasskeys, type PasskeyOptions } from './passkey.ts'

type Method = Exclude<StepUpMethod, 'identity'>

const switchWords: Record<Method, string> = {
  passkey: 'Use a passkey',
  totp: 'Use a code from your app',
  recovery_code: 'Use a recovery code',
  password: 'Use your password',
}

type ProofFormProps = {
  methods: readonly StepUpMethod[]
  onProve: (proof: StepUpProof) => Promise<unknown>
  passkeyOptions: () => Promise<PasskeyOptions>
  /** The words of the button. */
  yes: string
}

export function ProofForm({ methods, onProve, passkeyOptions, yes }: ProofFormProps) {
  const mine = methods.filter(
    (method): method is Method => method !== 'identity' && (method !== 'passkey' || hasPasskeys()),
  )
  const [chosen, setChosen] = useState<Method>()
  const method = chosen ?? mine[0]
  const [text, setText] = useState('')
  const prove = useMutation({
    mutationFn: async () => onProve(await proofBy(method, text, passkeyOptions)),
    onError: () => setText(''),
  })
  if (method === undefined) return methods.includes('passkey') ? <PasskeyElsewhere /> : null
  const choose = (next: Method) => {
    setChosen(next)
    setText('')
    prove.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    prove.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <ProofField key={method} method={method} text={text} onText={setText} />
      {prove.error && <ErrorNote words={proofWords(prove.error, method)} />}
      <Button type="submit" isBusy={prove.isPending}>
        {method === 'passkey' && <Icon name="key" className="size-5" />}
        {method === 'passkey' ? 'Use a passkey' : yes}
      </Button>
      {mine.length > 1 && (
        <ul className="flex flex-col gap-1 border-t border-line pt-3">
          {mine
            .filter((other) => other !== method)
            .map((other) => (
              <li key={other}>
                <Button look="plain" className="w-full text-sky!" onClick={() => choose(other)}>
                  {switchWords[other]}
                </Button>
              </li>
            ))}
        </ul>
      )}
    </form>
  )
}

/** A passkey is all they have, and it cannot be used here. */
const PasskeyElsewhere = () => (
  <p role="alert" className="text-quiet">
    Your passkey does not work in this browser at this address. Sign in where you made it and add a code app there.
  </p>
)

async function proofBy(
  method: Method | undefined,
  text: string,
  options: () => Promise<PasskeyOptions>,
): Promise<StepUpProof> {
  if (method === 'passkey') return { passkey: await askPasskey(await options()) }
  if (method === 'totp') return { totp: text }
  return method === 'recovery_code' ? { recoveryCode: text.trim() } : { password: text }
}

function ProofField({ method, text, onText }: { method: Method; text: string; onText: (text: string) => void }) {
  if (method === 'passkey') return <p className="text-quiet">Your device asks for your finger, your face or its PIN.</p>
  if (method === 'totp') return <CodeField value={text} onValue={onText} />
  if (method === 'password')
    return (
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        data-first-focus
        value={text}
        onValue={onText}
      />
    )
  return (
    <TextField
      label="Recovery code"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      required
      data-first-focus
      value={text}
      onValue={onText}
      hint="One of the ten you kept. Each works once."
      className="font-mono"
    />
  )
}

/** The same codes, in the words of what was asked for. */
const proofWords = (error: Error, method: Method) =>
  wordsHere(error, {
    wrong_credentials: { title: 'That is not the password.', text: 'Check it and try again.' },
    invalid:
      method === 'recovery_code'
        ? { title: 'That is not a whole recovery code.', text: 'Copy all of it, with or without the dashes.' }
        : { title: 'That code is not complete.', text: 'It has six digits.' },
    code_wrong: {
      totp: { title: 'That code is not the right one.', text: 'Each works once, for half a minute. Try the next one.' },
      recovery_code: { title: 'That recovery code does not work.', text: 'Each works once. Try another one.' },
      passkey: { title: 'That passkey did not open it.', text: 'Try again, or use another way.' },
      password: { title: 'That is not the password.', text: 'Check it and try again.' },
    }[method],
    link_over: { title: 'That took too long.', text: 'Go back and sign in again.' },
  })
