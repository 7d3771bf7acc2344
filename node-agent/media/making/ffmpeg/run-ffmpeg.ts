/** One run of ffmpeg: its output as it comes, its complaints kept short, and nothing of it left when it is over. */
import { type ChildProcess, spawn } from 'node:child_process'

export type FfmpegTool = {
  command: string
  /** Without any setting of ours: what decodes strangers' files knows no secret. */
  environment: Readonly<Record<string, string>>
}

export type FfmpegRun = {
  pid: number | undefined
  /** Whoever stops reading stops ffmpeg: it waits in its next write. */
  output: AsyncIterable<Uint8Array>
  /** Resolves when the process is gone, whatever ended it; never rejects. */
  ended: Promise<{ isGood: boolean; complaint: string }>
  kill(): void
}

/** The end of what ffmpeg says is what tells; the rest may be endless for a damaged film. */
const MOST_COMPLAINT_CHARACTERS = 1500

/**
 * Killed, and not asked, when the signal aborts: there is nothing it could still do. `filmUrl` is what `filmInput` among
 * the arguments stands for.
 */
export function runFfmpeg(tool: FfmpegTool, args: readonly string[], signal: AbortSignal, filmUrl?: string): FfmpegRun {
  const child = spawn(tool.command, args, { env: tool.environment, stdio: ['pipe', 'pipe', 'pipe'] })
  // It may end before it has read all that it is told; how it ends says enough.
  child.stdin.on('error', () => {})
  child.stdin.end(filmUrl === undefined ? '' : `${filmUrl}\n`)
  const kill = () => void child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  if (signal.aborted) kill()
  return {
    pid: child.pid,
    output: child.stdout,
    ended: untilEnded(child, () => signal.removeEventListener('abort', kill)),
    kill,
  }
}

function untilEnded(child: ChildProcess, whenOver: () => void): FfmpegRun['ended'] {
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-MOST_COMPLAINT_CHARACTERS)
  })
  return new Promise((resolve) => {
    const end = (isGood: boolean, words: string) => {
      whenOver()
      // Addresses of our door are worth nothing once it is closed, but a log is no place for them.
      resolve({ isGood, complaint: words.replaceAll(/https?:\/\/\S+/g, '[film]') })
    }
    child.once('error', (error) => end(false, error.message))
    child.once('exit', (code) => end(code === 0, complaint))
  })
}

/** All that a short run writes. Throws with its complaint when it fails. */
export async function outputOf(
  tool: FfmpegTool,
  args: readonly string[],
  signal: AbortSignal,
  filmUrl?: string,
): Promise<Buffer> {
  const run = runFfmpeg(tool, args, signal, filmUrl)
  const chunks: Uint8Array[] = []
  for await (const chunk of run.output) chunks.push(chunk)
  const { isGood, complaint } = await run.ended
  signal.throwIfAborted()
  if (!isGood) throw new Error(`ffmpeg failed: ${complaint}`)
  return Buffer.concat(chunks)
}
