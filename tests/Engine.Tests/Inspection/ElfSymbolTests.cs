using Recipes.Engine.Inspection;
using Xunit;

namespace Recipes.Engine.Tests.Inspection;

public class ElfSymbolTests
{
    [Theory]
    [InlineData("adler32", null, false, true)]
    [InlineData("adler32", null, true, true)]
    [InlineData("_init", null, false, false)]
    [InlineData("__bss_start", null, false, false)]
    [InlineData("_initialize", null, false, true)]
    // A method of the library's own, and one that it instantiates for others.
    [InlineData("_ZN6google8protobuf7MessageD1Ev", null, false, true)]
    [InlineData("_ZN4base5ArrayIiE4sizeEv", null, true, true)]
    // std::vector<int>::push_back: a copy here, and a promise in libstdc++, which gives it a version.
    [InlineData("_ZNSt6vectorIiSaIiEE9push_backEOi", null, true, false)]
    [InlineData("_ZNSt6vectorIiSaIiEE9push_backEOi", "GLIBCXX_3.4.26", true, true)]
    [InlineData("_ZNKSt6vectorIiSaIiEE4sizeEv", null, true, false)]
    [InlineData("_ZTINSt6thread11_State_implE", null, true, false)]
    [InlineData("_ZN9__gnu_cxx13new_allocatorIcED1Ev", null, true, false)]
    [InlineData("_ZNSt4hashIN4base3KeyEEclERKS1_", null, false, true)]
    // The name of a lambda's type, and a static variable of a function.
    [InlineData("_ZTIZ4mainEUlvE_", null, true, false)]
    [InlineData("_ZZN4base3getEvE8instance", null, true, false)]
    public void What_nobody_can_rely_on_is_no_interface(string name, string? version, bool isWeak, bool expected) =>
        Assert.Equal(expected, new ElfSymbol(name, version, isWeak, IsData: false).IsInterface);
}
