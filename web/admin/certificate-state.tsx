/** How the certificate of a box stands, and what keeps a newer one away. */
import { longDate } from '../ui/time-format.ts'
import { type Certificate, certificateWords } from './certificate-words.ts'

export function CertificateState({ certificate, now }: { certificate: Certificate; now: number }) {
  const { text, isWell, why } = certificateWords(certificate, now)
  const { expiresAt, retryAt } = certificate
  return (
    <div data-certificate={certificate.state}>
      <p className={isWell ? 'text-leaf' : 'text-ember'}>
        {text}
        {expiresAt !== undefined && <span className="text-quiet"> · until {longDate(expiresAt)}</span>}
      </p>
      {why !== undefined && (
        <p className="text-quiet">
          {why} It is tried again by itself{isFar(retryAt, now) && `, from ${longDate(retryAt)}`}.
        </p>
      )}
    </div>
  )
}

const dayMs = 86_400_000
const isFar = (at: number | undefined, now: number): at is number => at !== undefined && at * 1000 > now + dayMs
