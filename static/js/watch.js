// When to look again. The stream at `stream` says so; while there is none, the page looks every `every` milliseconds,
// or `SELDOM` where nothing is expected soon. After a failed look it waits twice as long each time.
const SELDOM = 15000; // not never: an estimate is announced to nobody, nor is a worker that died
const SLOWEST = 30000;
const OPENS_WITHIN = 4000; // a stream that says nothing only holds one of the browser's few connections

export class Watch {
  #timer = 0;
  #newsTimer = 0;
  #streamTimer = 0; // until the stream must have opened, or until the next try
  #source = null;
  #losses = 0;
  #busy = false;
  #askedMeanwhile = false;
  #streaming = false;
  failures = 0;

  // look(): asks the server once and throws if that failed; told(): a look is over; rests(): nothing is to be asked now;
  // calm(streaming): nothing is expected soon that a stream, if one speaks, would not tell; soon(): milliseconds from the
  // first news to the look, so that what comes together is looked at once.
  constructor({ stream, every, look, told, rests, calm, soon }) {
    Object.assign(this, { stream, every, look, told, rests, calm, soon });
    document.addEventListener("visibilitychange", () => this.begin());
    this.#schedule();
    this.#listen();
  }

  // Looks now, unless it rests; to be called when that has changed.
  begin() {
    clearTimeout(this.#timer);
    this.#hangUp();
    if (this.rests()) return;
    this.refresh();
    this.#listen();
  }

  async refresh() {
    this.#askedMeanwhile = this.#busy;
    if (this.#busy) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    try {
      await this.look();
      this.failures = 0;
    } catch {
      this.failures += 1;
    }
    this.#busy = false;
    this.told();
    this.#schedule();
    if (this.#askedMeanwhile) this.#refreshSoon();
  }

  #refreshSoon() {
    this.#newsTimer ||= setTimeout(() => {
      this.#newsTimer = 0;
      if (!this.rests()) this.refresh();
    }, this.soon());
  }

  #schedule() {
    clearTimeout(this.#timer);
    if (this.rests()) return this.#hangUp();
    const calm = !this.failures && this.calm(this.#streaming);
    const pause = calm ? SELDOM : this.every * 2 ** this.failures;
    this.#timer = setTimeout(() => this.refresh(), Math.min(SLOWEST, pause));
  }

  #listen() {
    this.#hangUp();
    if (this.rests() || !this.stream) return;
    this.#source = new EventSource(this.stream);
    this.#source.onerror = () => this.#lost();
    this.#streamTimer = setTimeout(() => this.#lost(), OPENS_WITHIN);
    this.#source.addEventListener("changed", () => {
      clearTimeout(this.#streamTimer);
      this.#streaming = true;
      this.#losses = 0;
      this.#refreshSoon();
    });
  }

  // Not left to EventSource: it would come back to an address that is valid for minutes only.
  #lost() {
    const hadNews = this.#streaming;
    this.#hangUp();
    this.#losses += 1;
    this.#streamTimer = setTimeout(() => this.#listen(), Math.min(SLOWEST, this.every * 2 ** this.#losses));
    if (hadNews) this.#schedule();
  }

  #hangUp() {
    clearTimeout(this.#streamTimer);
    this.#source?.close();
    this.#source = null;
    this.#streaming = false;
  }
}
