/** What the person typed after `npm start --`, read into options; unknown words are answered with the list. */
import { parseArgs } from 'node:util'

export type StartOptions = {
  /** Serve phones on the same network, over HTTPS. */
  lan: boolean
  /** Share Big Buck Bunny from a small swarm on this machine. */
  demo: boolean
  port: number
  stateDirectory: string
}

export const usage = `npm start -- [options]

  --lan            let phones and TVs on your Wi-Fi watch too (HTTPS on this machine's address)
  --no-demo        do not run the demo swarm
  --port NUMBER    port of the web app (default 8787); home uses the one after it
  --state FOLDER   where everything is kept (default .porchlight)
  --help           this text`

/** Options, or the text to print instead of starting (asked for, or because something was not understood). */
export function readOptions(words: string[]): { options: StartOptions } | { text: string; exitCode: number } {
  try {
    const { values } = parseArgs({
      args: words,
      allowNegative: true,
      options: {
        lan: { type: 'boolean', default: false },
        demo: { type: 'boolean', default: true },
        port: { type: 'string', default: '8787' },
        state: { type: 'string', default: '.porchlight' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { text: usage, exitCode: 0 }
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 1 || port > 65_000) {
      return { text: `--port must be a whole number from 1 to 65000, not "${values.port}".`, exitCode: 2 }
    }
    return { options: { lan: values.lan, demo: values.demo, port, stateDirectory: values.state } }
  } catch (error) {
    const why = error instanceof Error ? error.message.split('. ')[0] : String(error)
    return { text: `${why}.\n\n${usage}`, exitCode: 2 }
  }
}
