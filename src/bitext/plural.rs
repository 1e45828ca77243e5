//! `Plural-Forms` of PO: which translation stands for which number.
//!
//! Source: GNU gettext manual, "Additional functions for plural forms"; the expression is one of C.

/// The rule of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Plural {
    /// The form for n = 1, where the header's expression tells it.
    one: Option<usize>,
}

impl Plural {
    /// The rule in the value of the header's `Plural-Forms` field; one that can not be read counts as missing.
    pub(super) fn of(field: &str) -> Plural {
        let expression = field.split_once("plural=").and_then(|(before, rest)| {
            // `nplurals=` ends in the same letters.
            if before.trim_end().ends_with('n') { rest.split_once("plural=").map(|(_, rest)| rest) } else { Some(rest) }
        });
        let one = expression.and_then(|e| evaluated(e.split(';').next().unwrap_or_default(), 1));
        Plural { one: one.and_then(|n| usize::try_from(n).ok()) }
    }

    /// The number of the form for one thing among `count` forms; `None` where one form serves all numbers.
    ///
    /// Without a rule: form 1 of six, as every rule for Arabic has it (0 is for nothing); else form 0.
    pub(super) fn form_for_one(&self, count: usize) -> Option<usize> {
        if count < 2 {
            return None;
        }
        Some(self.one.filter(|&one| one < count).unwrap_or(usize::from(count == 6)))
    }
}

/// The value of a C expression in `n`; `None` for what is none, divides by zero or nests too deep.
fn evaluated(expression: &str, n: u64) -> Option<u64> {
    let mut parser = Parser { rest: expression, n };
    let value = parser.choice(0)?;
    parser.rest.trim_start().is_empty().then_some(value)
}

/// No honest rule nests deeper; a hostile one must not exhaust the stack.
const MAX_DEPTH: usize = 60;

/// Operators by how tightly they bind, loosest first; longer ones before their beginnings.
const LEVELS: [&[&str]; 6] = [&["||"], &["&&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

struct Parser<'a> {
    rest: &'a str,
    n: u64,
}

impl Parser<'_> {
    fn take(&mut self, token: &str) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn choice(&mut self, depth: usize) -> Option<u64> {
        if depth > MAX_DEPTH {
            return None;
        }
        let condition = self.binary(0, depth)?;
        if !self.take("?") {
            return Some(condition);
        }
        let yes = self.choice(depth + 1)?;
        let no = if self.take(":") { self.choice(depth + 1)? } else { return None };
        Some(if condition != 0 { yes } else { no })
    }

    fn binary(&mut self, level: usize, depth: usize) -> Option<u64> {
        let Some(operators) = LEVELS.get(level) else { return self.operand(depth) };
        let mut left = self.binary(level + 1, depth)?;
        while let Some(operator) = operators.iter().find(|o| self.take(o)) {
            let right = self.binary(level + 1, depth)?;
            left = match *operator {
                "||" => u64::from(left != 0 || right != 0),
                "&&" => u64::from(left != 0 && right != 0),
                "==" => u64::from(left == right),
                "!=" => u64::from(left != right),
                "<=" => u64::from(left <= right),
                ">=" => u64::from(left >= right),
                "<" => u64::from(left < right),
                ">" => u64::from(left > right),
                "+" => left.wrapping_add(right),
                "-" => left.wrapping_sub(right),
                "*" => left.wrapping_mul(right),
                "/" => left.checked_div(right)?,
                _ => left.checked_rem(right)?,
            };
        }
        Some(left)
    }

    fn operand(&mut self, depth: usize) -> Option<u64> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.take("!") {
            return Some(u64::from(self.operand(depth + 1)? == 0));
        }
        if self.take("(") {
            let value = self.choice(depth + 1)?;
            return self.take(")").then_some(value);
        }
        if self.take("n") {
            return Some(self.n);
        }
        let rest = self.rest.trim_start();
        let len = rest.bytes().take_while(u8::is_ascii_digit).count();
        self.rest = &rest[len..];
        rest[..len].parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_evaluated_as_c_does() {
        let arabic = "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)";
        for (n, form) in [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5), (102, 5), (103, 3)] {
            assert_eq!(evaluated(arabic, n), Some(form), "{n}");
        }
        for (expression, value) in
            [("n != 1", Some(0)), ("n>1", Some(0)), ("!(n-1)*3", Some(3)), ("1/0", None), ("n n", None), ("", None)]
        {
            assert_eq!(evaluated(expression, 1), value, "{expression}");
        }
        assert_eq!(evaluated(&"(".repeat(100_000), 1), None);
        assert_eq!(evaluated(&"!".repeat(100_000), 1), None);
        assert_eq!(evaluated(&"1?1:".repeat(100_000), 1), None);
    }

    #[test]
    fn the_form_for_one() {
        let check = |field: &str, count, one| assert_eq!(Plural::of(field).form_for_one(count), one, "{field}");
        check("nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : 5;", 6, Some(1));
        check("nplurals=4; plural=n==1 ? 0 : n==2 ? 1 : 3;", 4, Some(0));
        check("nplurals=2; plural=(n != 1);", 2, Some(0));
        check("nplurals=1; plural=0;", 1, None);
        check("", 6, Some(1));
        check("nplurals=6; plural=gibberish;", 6, Some(1));
        check("", 2, Some(0));
    }
}
