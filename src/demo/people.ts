/** A pseudo-random sequence from a seed: the demonstration is the same town every time. */
export function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T

const FIRST = [
  'Ada',
  'Ben',
  'Cora',
  'Dan',
  'Edith',
  'Frank',
  'Grace',
  'Hugo',
  'Iris',
  'Joel',
  'Kay',
  'Lars',
  'Mona',
  'Ned',
  'Olga',
  'Pete',
  'Rosa',
  'Sam',
  'Tess',
  'Vern',
]
const LAST = [
  'Alden',
  'Barlow',
  'Conley',
  'Dietz',
  'Engel',
  'Farrow',
  'Gruber',
  'Hale',
  'Ivers',
  'Janssen',
  'Kemp',
  'Lund',
  'Moss',
  'Nolan',
  'Oakes',
  'Pruitt',
  'Quist',
  'Rask',
  'Stroud',
  'Tillman',
  'Vance',
  'Weir',
]
const TRADES = ['Bakery', 'Hardware', 'Feed and Seed', 'Auto Body', 'Diner', 'Laundry', 'Print Shop']
const STREETS = ['Mill St', 'Depot Ln', 'Ferry Rd', 'Bench Rd', 'Canal St', 'Quarry Ct', 'Lake Dr', 'Orchard Ave']

export type Habit = 'prompt' | 'late' | 'partial' | 'stopped' | 'ahead'

export interface Person {
  number: number
  business: boolean
  first: string
  last: string
  street: string
  habit: Habit
}

// The cast that everyone learns, then everybody else.
const CAST: Person[] = [
  { number: 1001, business: false, first: 'Alma', last: 'Avery', street: '12 Mill St', habit: 'prompt' },
  { number: 1002, business: false, first: 'Bert', last: 'Birch', street: '40 Depot Ln', habit: 'late' },
  { number: 1003, business: false, first: 'Carol', last: 'Cedar', street: '7 Ferry Rd', habit: 'stopped' },
  { number: 1004, business: false, first: 'Dora', last: 'Doyle', street: '23 Bench Rd', habit: 'ahead' },
]

function habitOf(dice: number): Habit {
  if (dice < 0.7) return 'prompt'
  if (dice < 0.8) return 'late'
  if (dice < 0.88) return 'partial'
  return dice < 0.97 ? 'stopped' : 'ahead'
}

/** The town's customers: Avery pays on time, Birch is sixty days late, Cedar is certified, Doyle has a credit. */
export function people(count: number, random: () => number): Person[] {
  const others = Array.from({ length: count - CAST.length }, (_, place): Person => {
    const business = random() < 0.12
    return {
      number: 1005 + place,
      business,
      first: business ? pick(random, LAST) : pick(random, FIRST),
      last: business ? pick(random, TRADES) : pick(random, LAST),
      street: `${10 + Math.floor(random() * 480)} ${pick(random, STREETS)}`,
      habit: habitOf(random()),
    }
  })
  return [...CAST, ...others]
}
