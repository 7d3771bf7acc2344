/** A code app as the second lock: scan, type the first code, keep the recovery codes. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsFor, wordsHere } from '../error-words.ts'
import { confirmTotp, enrolTotp } from '../identity-api.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { CodeField } from '../ui/code-field.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { LoadingRows, RowsFailed } from '../ui/panel.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

type TotpEnrolProps = {
  onDone: () => void
  /** Told when it is on: from then on the recovery codes are on the screen, and nothing may take them away. */
  onConfirmed?: () => void
}

export function TotpEnrol({ onDone, onConfirmed }: TotpEnrolProps) {
  // A mutation on the edge, asked as a query: it is wanted as soon as this is shown, and once.
  const enrolment = useQuery({
    queryKey: ['totp-enrolment'],
    queryFn: enrolTotp,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchOnWindowFocus: false,
  })
  const [code, setCode] = useState('')
  const confirm = useMutation({
    mutationFn: () => confirmTotp(code),
    onSuccess: () => onConfirmed?.(),
    onError: () => setCode(''),
  })
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recoveryCodes} onDone={onDone} />
  if (enrolment.error)
    return (
      <RowsFailed words={wordsFor(enrolment.error)} onRetry={enrolment.refetch} isRetrying={enrolment.isFetching} />
    )
  if (!enrolment.data) return <LoadingRows label="Making a secret for your app" rows={3} />
  const { secret, uri } = enrolment.data
  const submit = (event: FormEvent) => {
    event.preventDefault()
    confirm.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center justify-center gap-5">
        <QrCode text={uri} label="Picture for your code app" className="size-44" />
        <div className="flex min-w-0 flex-1 basis-48 flex-col gap-3">
          <p className="text-quiet">Open your code app and scan the picture. On this phone, tap the button instead.</p>
          <a href={uri} className={buttonClass('quiet')}>
            Open my code app
          </a>
        </div>
      </div>
      <details className="rounded-card border border-line px-4 py-2">
        <summary className="min-h-9 content-center text-sm">Type it in by hand</summary>
        <p data-testid="totp-secret" className="py-2 font-mono text-sm break-all text-lamp select-all">
          {secret}
        </p>
        <CopyButton text={secret} className="mb-2" />
      </details>
      <CodeField value={code} onValue={setCode} label="First code from the app" />
      {confirm.error && (
        <ErrorNote
          words={wordsHere(confirm.error, {
            code_wrong: {
              title: 'That code is not the right one.',
              text: 'Check that the clock of your phone is right, then type the code that is shown now.',
            },
          })}
        />
      )}
      <Button type="submit" isBusy={confirm.isPending}>
        Switch it on
      </Button>
    </form>
  )
}
