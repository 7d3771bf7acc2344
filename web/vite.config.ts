/** Builds the web app into dist/web, where the Worker serves it; in development the API is the local Worker's. */
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const worker = 'http://localhost:8787'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Browsers with light-dark(): lowered for older ones, a dark part of a light page would come out light.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // An inlined asset is a data: URL, which the policy in _headers allows for pictures only.
    assetsInlineLimit: 0,
    // hls.js is larger than the rest together, and comes only with a film that needs it.
    chunkSizeWarningLimit: 650,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: `${import.meta.dirname}/index.html`,
        'service-worker': `${import.meta.dirname}/playback/transports/service-worker/service-worker.ts`,
      },
      // By its own name at the root: a service worker answers for what lies beneath its address, and is asked for by it.
      output: { entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js') },
      // Making a schema has no effect but the schema: one that a page does not use takes zod out of its bundle.
      treeshake: { manualPureFunctions: ['z'] },
    },
  },
  // jassub's fallback for browsers without requestVideoFrameCallback, under the GPL: ours all have it, so it stays out.
  resolve: { alias: { 'rvfc-polyfill': `${import.meta.dirname}/playback/subtitles/no-polyfill.ts` } },
  // Named for what they are: public/_headers gives the worker of libass a policy of its own.
  worker: { format: 'es', rolldownOptions: { output: { entryFileNames: 'assets/worker-[name]-[hash].js' } } },
  optimizeDeps: { exclude: ['jassub'] },
  server: { proxy: { '/api': worker, '/health': worker } },
})
