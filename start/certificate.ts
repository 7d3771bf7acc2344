/** The certificate for `--lan`: made by this machine for its own addresses, kept, and made again when they change. */
import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { writePrivateFile } from './state-directory.ts'

export type Certificate = { certFile: string; keyFile: string }

const day = 86_400_000
/** The longest life that Apple's systems accept for a certificate is 825 days. */
const lifeDays = 800

/** A certificate that is good for this address and this machine's own name, from `folder` or made now. */
export async function keepCertificate(folder: string, address: string, now: Date): Promise<Certificate> {
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }
  if (isGoodFor(files, address, now)) return files
  const made = await generate([{ name: 'commonName', value: 'Porchlight at home' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - day),
    notAfterDate: new Date(now.getTime() + lifeDays * day),
    extensions: [
      // A CA as well, so that a person may install it on a phone once instead of meeting a warning.
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: address },
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  })
  writePrivateFile(files.certFile, made.cert)
  writePrivateFile(files.keyFile, made.private)
  return files
}

function isGoodFor(files: Certificate, address: string, now: Date): boolean {
  if (!existsSync(files.certFile) || !existsSync(files.keyFile)) return false
  try {
    const certificate = new X509Certificate(readFileSync(files.certFile))
    const hasTime = new Date(certificate.validTo).getTime() > now.getTime() + 30 * day
    return hasTime && certificate.checkIP(address) !== undefined
  } catch {
    return false
  }
}
