/** `npm start`: one command, and a person can open a browser and watch a film. */
import { networkInterfaces } from 'node:os'
import { renderUnicodeCompact } from 'uqr'
import { buildWeb } from './build-web.ts'
import { keepCertificate } from './certificate.ts'
import { keepTime } from './edge-process.ts'
import { startHome } from './home.ts'
import { keepRunning } from './keep-running.ts'
import { lanAddress } from './lan-address.ts'
import { readOptions, type StartOptions } from './options.ts'
import { PlainError } from './plain-error.ts'
import { needPort } from './ports.ts'
import { noteRunning, releaseStateDirectory, takeStateDirectory } from './running.ts'
import { openStateDirectory } from './state-directory.ts'

const read = readOptions(process.argv.slice(2))
if ('text' in read) {
  console.log(read.text)
  process.exit(read.exitCode)
}

try {
  await start(read.options)
} catch (error) {
  console.error(error instanceof PlainError ? `\n${error.message}` : error)
  process.exit(1)
}

async function start(options: StartOptions): Promise<void> {
  const began = Date.now()
  const step = (text: string) => console.log(`  ${text} …`)
  const address = options.lan ? lanAddress(networkInterfaces()) : undefined
  if (options.lan && !address) {
    throw new PlainError('This machine has no address on a local network. Connect it to the Wi-Fi, or leave out --lan.')
  }
  const host = options.lan ? '0.0.0.0' : '127.0.0.1'
  const agentPort = options.port + 1

  console.log('\nPorchlight\n')
  const directory = openStateDirectory(options.stateDirectory)
  await takeStateDirectory(directory.root)
  await needPort(options.port, host, 'the web app')
  await needPort(agentPort, host, 'home')
  step('Building the web app')
  await buildWeb()

  const certificate = address ? await keepCertificate(directory.certificate, address, new Date()) : undefined
  let stopping = false
  const home = await startHome({
    directory,
    host,
    port: options.port,
    agentPort,
    publicHost: address ?? 'localhost',
    certificate,
    demo: options.demo,
    onStep: step,
    onChildren: (children) =>
      noteRunning(
        directory.root,
        children.map((child) => child.pid),
      ),
  })
  keepTime(options.port, certificate)
  const watched = { isStopping: () => stopping, say: (text: string) => console.log(`  ${text}`) }
  void keepRunning({ ...watched, child: home.edge, restart: () => home.restartEdge() })
  void keepRunning({ ...watched, child: home.agent, restart: () => home.restartAgent() })

  const stop = async () => {
    if (stopping) return
    stopping = true
    console.log('\n  Turning everything off …')
    await home.stop()
    releaseStateDirectory(directory.root)
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  console.log(`\n  The light is on after ${Math.round((Date.now() - began) / 1000)} seconds.\n`)
  console.log(`  Watch at     ${home.origin}`)
  if (home.setupUrl) console.log(`  First time   ${home.setupUrl}\n               (this link works once, for a day)`)
  if (address) {
    console.log(`\n${renderUnicodeCompact(home.setupUrl ?? home.origin)}\n`)
    console.log('  Your browser will warn about the certificate, because this machine made it for itself: go on.')
  }
  console.log('\n  Ctrl-C turns it off. Everything is kept for the next start.\n')
}
