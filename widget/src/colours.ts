// A board's colour, made readable wherever it is used.

type Colour = [red: number, green: number, blue: number];

const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [11, 20, 23];
/** Contrast that text must have, a little above the 4.5 to 1 that is asked for. */
const ENOUGH = 4.8;
/** What text in the board's colour stands on, in light and in dark. */
const LIGHT: Colour = [227, 240, 240];
const DARK: Colour = [34, 52, 57];

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Colour;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: Colour, other: Colour): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

/** The colour, moved towards another until it can be read on a ground. */
function readable(colour: Colour, ground: Colour, towards: Colour): Colour {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = colour.map((part, index) =>
      Math.round(part + (towards[index]! - part) * share),
    ) as Colour;
    if (contrast(mixed, ground) >= ENOUGH) return mixed;
  }
  return towards;
}

const css = (colour: Colour): string => `rgb(${colour.join(" ")})`;

/** The custom properties for a colour as `getComputedStyle` gives it, in the light or the dark. */
export function accents(computed: string, dark: boolean): Record<string, string> {
  const parts = /^rgba?\(([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)/.exec(computed);
  if (!parts) return {};
  const colour = parts.slice(1, 4).map(Number) as Colour;
  const ink = contrast(colour, WHITE) >= 4.5 ? WHITE : BLACK;
  // a middling colour carries neither white nor black well: darken it for white
  const fill = contrast(colour, ink) >= 4.5 ? colour : readable(colour, WHITE, BLACK);
  const text = dark ? readable(colour, DARK, WHITE) : readable(colour, LIGHT, BLACK);
  return {
    "--fill": css(fill),
    "--on-fill": css(fill === colour ? ink : WHITE),
    "--accent": css(text),
  };
}
