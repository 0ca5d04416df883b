//! Reading JSON that may have anything in any place: what does not fit is passed over, and only
//! JSON that is none fails.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// A thing that is read from whatever is there.
pub(super) trait Fit<'de>: Sized + Default {
    /// How many there is room for at first in a list of them.
    const ROOM: usize = 4;

    /// From a whole number.
    fn whole(_: i64) -> Self {
        Self::default()
    }
    /// From true or false.
    fn truth(_: bool) -> Self {
        Self::default()
    }
    /// From a text.
    fn text(_: Cow<'de, str>) -> Self {
        Self::default()
    }
    /// From a list.
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
    /// From an object.
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

/// Reads a [`Fit`].
pub(super) struct Loose<T>(pub T);

impl<'de, T: Fit<'de>> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit<T>(PhantomData<T>);
        impl<'de, T: Fit<'de>> Visitor<'de> for Visit<T> {
            type Value = T;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }
            fn visit_bool<E>(self, value: bool) -> Result<T, E> {
                Ok(T::truth(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<T, E> {
                Ok(T::whole(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<T, E> {
                Ok(i64::try_from(value).map_or_else(|_| T::default(), T::whole))
            }
            fn visit_f64<E>(self, value: f64) -> Result<T, E> {
                Ok(whole_of(value).map_or_else(T::default, T::whole))
            }
            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<T, E> {
                Ok(T::text(Cow::Borrowed(value)))
            }
            fn visit_str<E>(self, value: &str) -> Result<T, E> {
                Ok(T::text(Cow::Owned(value.to_owned())))
            }
            fn visit_unit<E>(self) -> Result<T, E> {
                Ok(T::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
                T::list(list)
            }
            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<T, A::Error> {
                T::object(object)
            }
        }
        deserializer.deserialize_any(Visit(PhantomData)).map(Loose)
    }
}

/// A float that is a whole number.
fn whole_of(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[allow(clippy::cast_possible_truncation)]
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}

/// A key of an object, without a copy where that can be.
pub(super) struct Key<'de>(pub Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(value)))
            }
            fn visit_str<E>(self, value: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(value.to_owned())))
            }
        }
        deserializer.deserialize_str(Visit)
    }
}

impl Fit<'_> for Option<i64> {
    fn whole(value: i64) -> Self {
        Some(value)
    }
    fn text(value: Cow<'_, str>) -> Self {
        value.parse().ok()
    }
}

impl Fit<'_> for bool {
    fn truth(value: bool) -> Self {
        value
    }
}

impl<'de> Fit<'de> for Option<Cow<'de, str>> {
    fn text(value: Cow<'de, str>) -> Self {
        Some(value)
    }
}

impl<'de, T: Fit<'de>> Fit<'de> for Vec<T> {
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut all = Vec::new();
        while let Some(Loose(one)) = list.next_element()? {
            if all.is_empty() {
                all.reserve(T::ROOM);
            }
            all.push(one);
        }
        Ok(all)
    }
}

/// Reads the next value of an object.
pub(super) fn next<'de, T: Fit<'de>, A: MapAccess<'de>>(object: &mut A) -> Result<T, A::Error> {
    object.next_value::<Loose<T>>().map(|Loose(value)| value)
}

/// Reads the next value of a list; what is missing is passed over too.
pub(super) fn item<'de, T: Fit<'de>, A: SeqAccess<'de>>(list: &mut A) -> Result<T, A::Error> {
    Ok(list.next_element::<Loose<T>>()?.map(|Loose(value)| value).unwrap_or_default())
}
