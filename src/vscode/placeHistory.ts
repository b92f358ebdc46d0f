/** Where one looks inside a model: nowhere, at a layer, at a unit of it. */
export interface Place {
  readonly layer?: string;
  readonly unit?: string;
}

const same = (a: Place, b: Place): boolean => a.layer === b.layer && a.unit === b.unit;

/** The way through layers and units, as a browser keeps it: going somewhere new forgets what was ahead. */
export class PlaceHistory {
  #past: readonly Place[] = [];
  #here: Place = {};
  #future: readonly Place[] = [];

  get here(): Place {
    return this.#here;
  }

  get canGoBack(): boolean {
    return this.#past.length > 0;
  }

  get canGoForward(): boolean {
    return this.#future.length > 0;
  }

  go(place: Place): void {
    if (same(place, this.#here)) return;
    this.#past = [...this.#past, this.#here];
    this.#here = place;
    this.#future = [];
  }

  /** The place before this one; undefined when there is none. */
  back(): Place | undefined {
    const place = this.#past.at(-1);
    if (place === undefined) return undefined;
    this.#future = [this.#here, ...this.#future];
    this.#past = this.#past.slice(0, -1);
    this.#here = place;
    return place;
  }

  /** The place that was left by going back; undefined when there is none. */
  forward(): Place | undefined {
    const [place, ...rest] = this.#future;
    if (place === undefined) return undefined;
    this.#past = [...this.#past, this.#here];
    this.#future = rest;
    this.#here = place;
    return place;
  }

  /** Another sample or question: units belong to the former one, the layer is still worth looking at. */
  leaveUnit(): void {
    const { layer } = this.#here;
    this.#here = layer === undefined ? {} : { layer };
  }
}
